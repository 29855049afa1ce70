import SpeechCore

/// What metrics count on the bus.
public enum AMQPEvent: Sendable, Equatable {
  case received(redelivered: Bool)
  /// A reply or an error reply is confirmed; `error` is nil for a success.
  case answered(error: SpeechError.Code?, seconds: Double)
  case retried(attempt: Int, error: SpeechError.Code)
  case deadLettered(error: SpeechError.Code)
  case skipped(SkipReason)
  case reconnected
}

/// Why a request was settled without work, or its work stopped.
public enum SkipReason: String, Sendable, CaseIterable {
  case deadline
  case cancelled
  case requesterGone = "requester_gone"
}

/// The bus's state for health and gauges.
public struct AMQPState: Sendable, Equatable {
  public enum Connection: String, Sendable {
    case connecting, connected, blocked, draining, stopped
  }

  public var connection: Connection
  public var runningCount: Int
  public var waitingCount: Int
  /// Publishes without a confirm yet.
  public var unconfirmedCount: Int
  public var reconnectCount: Int
}
