/// When a start that waits asks the hub again: twice as long after each failure. A value without a clock.
struct HubPatience: Sendable {
  private static let first = Duration.seconds(5)
  private static let longest = Duration.seconds(300)

  private var delay = first
  private var nextAttempt: ContinuousClock.Instant?

  func mayAsk(at now: ContinuousClock.Instant) -> Bool { nextAttempt.map { now >= $0 } ?? true }

  mutating func noteFailure(at now: ContinuousClock.Instant) {
    nextAttempt = now + delay
    delay = min(delay * 2, Self.longest)
  }
}
