/// The limits of `tts.dead`.
public struct DeadLetterLimits: Sendable, Equatable {
  /// The age at which a message is dropped; nil: messages of any age are kept.
  var maximumAge: Duration?
  /// The number of messages above which the oldest are dropped; nil: no limit.
  var maximumCount: Int?

  public init(maximumAge: Duration? = .seconds(604_800), maximumCount: Int? = 10_000) {
    self.maximumAge = maximumAge
    self.maximumCount = maximumCount
  }
}

/// The limit for which a dead-lettered message was dropped.
public enum DeadLetterDropReason: String, Sendable, CaseIterable {
  case age, length
}
