import SpeechCore

/// Something that may be gone at the next attempt.
enum TransientFailure: Error, Equatable {
  /// 408, 425, 429 or 5xx, with what `Retry-After` asks for.
  case status(Int, retryAfter: Duration?)
  /// A signed address of the content network has expired; the hub gives a new one.
  case expiredAddress(Int)
  /// No connection, or a broken one.
  case connection(String)
  /// Next to nothing came for too long.
  case stalled
  /// The body ended early.
  case truncated(received: Int, expected: Int)
  /// The part on disk is not what the server continues.
  case uselessPart

  var reason: String {
    switch self {
    case .status(let status, _): "the server answered \(status)"
    case .expiredAddress(let status): "the content server answered \(status)"
    case .connection(let reason): reason
    case .stalled: "the transfer stalled"
    case .truncated(let received, let expected): "the transfer ended at \(received) of \(expected) bytes"
    case .uselessPart: "what was there already can't be continued"
    }
  }
}

/// When to try again: exponential back-off with jitter, or what the server asks for. A value without clock or chance.
public struct RetryPolicy: Sendable, Equatable {
  /// Failures in a row without progress after which a file is given up.
  public var failureLimit = 6
  public var baseDelay: Duration = .seconds(1)
  public var maximumDelay: Duration = .seconds(60)
  /// A server that asks to wait longer than this is given up.
  public var maximumRetryAfter: Duration = .seconds(300)
  /// An attempt that brought this many bytes starts the count of failures anew.
  public var progressByteCount = 1 << 20

  public init() {}

  enum Decision: Equatable {
    case wait(Duration)
    case giveUp(String)
  }

  /// `failureCount` includes `failure`; `jitter` is in 0..<1.
  func decision(after failure: TransientFailure, failureCount: Int, jitter: Double) -> Decision {
    guard failureCount < failureLimit else {
      return .giveUp("\(failure.reason); gave up after \(failureCount) attempts without progress")
    }
    if case .status(let status, let retryAfter?) = failure {
      guard retryAfter <= maximumRetryAfter else {
        return .giveUp("the server answered \(status) and asks to wait \(retryAfter.components.seconds) s")
      }
      // With jitter, so that clients that were told the same second do not all come at it.
      return .wait(retryAfter + baseDelay * (jitter / 2))
    }
    let doublings = min(max(failureCount - 1, 0), 20)
    let delay = min(baseDelay * (1 << doublings), maximumDelay)
    return .wait(delay * (0.5 + jitter / 2))
  }
}
