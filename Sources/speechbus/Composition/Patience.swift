/// When a start that waits tries again what failed: twice as long after each failure. A value without a clock.
struct Patience: Sendable {
  private static let first = Duration.seconds(5)
  private static let longest = Duration.seconds(300)

  private var delay = first
  private var nextAttempt: ContinuousClock.Instant?

  func mayTry(at now: ContinuousClock.Instant) -> Bool { nextAttempt.map { now >= $0 } ?? true }

  mutating func noteFailure(at now: ContinuousClock.Instant) {
    nextAttempt = now + delay
    delay = min(delay * 2, Self.longest)
  }
}

/// A reason that comes again and again, to be told once.
struct LastReason: Sendable {
  private var reason = ""

  /// Whether `reason` is another than the last.
  mutating func isNew(_ reason: String) -> Bool {
    defer { self.reason = reason }
    return reason != self.reason
  }
}
