/// Exponential back-off with jitter: the delays between the attempts of a repeated operation. A value without clock and
/// random numbers.
public struct RetryBackoff: Sendable, Equatable {
  /// The first delay, before jitter.
  public var initial: Duration
  /// The longest delay, before jitter.
  public var maximum: Duration

  public init(initial: Duration, maximum: Duration) {
    self.initial = initial
    self.maximum = maximum
  }

  /// The delay doubles with each failed attempt (counted from 0) up to the maximum. Jitter reduces it by up to half, so
  /// that clients that failed at the same moment do not return at the same moment.
  /// - Parameter jitter: a random number in 0..<1.
  public func delay(attempt: Int, jitter: Double) -> Duration {
    let doublings = min(max(attempt, 0), 30)
    let full = min(maximum, initial * (1 << doublings))
    return full * (1 - 0.5 * min(max(jitter, 0), 1))
  }
}

/// Repeats `operation` until it succeeds, with a pause after each failure.
/// - Parameter pause: receives the error and the number of the failed attempt, from 0. Nil ends the attempts.
/// - Throws: the last error, when `pause` returns nil or the task is cancelled.
public func retry<Value, Failure: Error>(
  isolation: isolated (any Actor)? = #isolation,
  _ operation: () async throws(Failure) -> Value, pause: (Failure, Int) -> Duration?
) async throws(Failure) -> Value {
  var attempt = 0
  while true {
    do throws(Failure) {
      return try await operation()
    } catch {
      guard !Task.isCancelled, let pause = pause(error, attempt) else { throw error }
      try? await Task.sleep(for: pause)
      attempt += 1
    }
  }
}
