import SpeechCore

/// A failure that may not occur in the next attempt.
enum TransientFailure: Error, Equatable {
  /// Status 408, 425, 429 or 5xx, with the delay of `Retry-After`.
  case status(Int, retryAfter: Duration?)
  /// A signed address of the content network has expired; the hub issues a new one.
  case expiredAddress(Int)
  /// The connection failed or broke.
  case connection(String)
  /// The transfer was too slow for too long.
  case stalled
  /// The body ended early. Both counts are bytes.
  case truncated(received: Int, expected: Int)
  /// The server cannot continue the part on disk.
  case uselessPart

  var reason: String {
    switch self {
    case .status(let status, _): "the server answered \(status)"
    case .expiredAddress(let status): "the content server answered \(status)"
    case .connection(let reason): reason
    case .stalled: "the transfer stalled"
    case .truncated(let received, let expected): "the transfer ended at \(received) of \(expected) bytes"
    case .uselessPart: "the part on disk can't be continued"
    }
  }
}

/// The wait before the next attempt: exponential back-off with jitter, or the delay of the server's `Retry-After`. A
/// value type without clock and random numbers.
struct RetryPolicy: Sendable, Equatable {
  /// The number of consecutive failures without progress after which a file fails.
  var failureLimit = 6
  var backOff = RetryBackoff(initial: .seconds(1), maximum: .seconds(60))
  /// A longer `Retry-After` than this ends the attempts.
  var maximumRetryAfter: Duration = .seconds(300)
  /// An attempt that received this many bytes resets the count of failures.
  var progressByteCount = 1 << 20

  enum Decision: Equatable {
    case wait(Duration)
    case giveUp(String)
  }

  /// - Parameters:
  ///   - failureCount: consecutive failures, including `failure`.
  ///   - jitter: a random number in 0..<1.
  func decision(after failure: TransientFailure, failureCount: Int, jitter: Double) -> Decision {
    guard failureCount < failureLimit else {
      return .giveUp("\(failure.reason); gave up after \(failureCount) attempts without progress")
    }
    if case .status(let status, let retryAfter?) = failure {
      guard retryAfter <= maximumRetryAfter else {
        return .giveUp("the server answered \(status) and asks to wait \(retryAfter.components.seconds) s")
      }
      // Jitter keeps clients that got the same `Retry-After` from returning at the same moment.
      return .wait(retryAfter + backOff.initial * (jitter / 2))
    }
    return .wait(backOff.delay(attempt: failureCount - 1, jitter: jitter))
  }
}
