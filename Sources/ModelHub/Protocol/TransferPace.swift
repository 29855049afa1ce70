/// Tells a stalled body from a slow one: counts bytes in windows of time. The clock is the caller's.
struct TransferPace: Sendable {
  private let pace: HubConfiguration.Pace
  private var windowStart: ContinuousClock.Instant
  private var byteCount = 0

  init(_ pace: HubConfiguration.Pace, start: ContinuousClock.Instant) {
    self.pace = pace
    windowStart = start
  }

  /// Adds what came; false when a whole window brought too little.
  mutating func isKept(adding count: Int, at now: ContinuousClock.Instant) -> Bool {
    byteCount += count
    guard now - windowStart >= pace.window else { return true }
    let isKept = byteCount >= pace.byteCount
    windowStart = now
    byteCount = 0
    return isKept
  }
}
