import SpeechCore

/// Decides about a delivery whose user already has enough waiting requests here. The request goes to the end of the
/// queue after a pause, so that later requests of other users get their turn. It does not count as a failed attempt. A
/// pure function.
struct PostponePolicy: Sendable, Equatable {
  enum Decision: Sendable, Equatable {
    case wait(Duration)
    /// The deadline would pass during the pause.
    case refuse(SpeechError)
  }

  /// The pauses of the retry queues.
  var delays: [Duration]

  /// - Parameters:
  ///   - postponements: the number of earlier postponements. From the second one on the pause stays the same: with
  ///     longer pauses, slots could stay empty although this user has requests.
  ///   - refusal: the error for the requester if the request can't wait.
  func decision(
    postponements: Int, deadline: ContinuousClock.Instant?, hasReplyTo: Bool, now: ContinuousClock.Instant,
    refusal: SpeechError
  ) -> Decision {
    guard !delays.isEmpty else { return .refuse(refusal) }
    let delay = delays[min(max(postponements, 0), 1, delays.count - 1)]
    if let deadline, hasReplyTo, now + delay >= deadline { return .refuse(refusal) }
    return .wait(delay)
  }
}
