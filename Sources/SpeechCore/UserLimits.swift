/// How much of one worker a user may have; 0 is no limit. Requests without `user_id` have no limit.
public struct UserLimits: Sendable, Equatable {
  /// Requests worked on at once.
  public var running: Int
  /// Requests held waiting.
  public var waiting: Int

  public init(running: Int = 0, waiting: Int = 0) {
    self.running = running
    self.waiting = waiting
  }

  /// Whether neither limit is set.
  public var isOff: Bool { running <= 0 && waiting <= 0 }
}
