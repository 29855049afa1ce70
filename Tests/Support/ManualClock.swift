import Synchronization

/// A monotonic time that only the test moves.
public final class ManualClock: Sendable {
  private let instant: Mutex<ContinuousClock.Instant>

  public init(_ instant: ContinuousClock.Instant = .now) { self.instant = Mutex(instant) }

  public var now: ContinuousClock.Instant { instant.withLock { $0 } }
  public func set(_ instant: ContinuousClock.Instant) { self.instant.withLock { $0 = instant } }
}
