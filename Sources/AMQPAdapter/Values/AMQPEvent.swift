import SpeechCore

/// What metrics count on the bus.
public enum AMQPEvent: Sendable, Equatable {
  case received(redelivered: Bool)
  /// A reply or an error reply is confirmed; `error` is nil for a success.
  case answered(error: SpeechError.Code?, seconds: Double)
  case retried(attempt: Int, error: SpeechError.Code)
  /// Sent back, because its user has enough waiting here.
  case postponed
  /// Refused as `overloaded`, because its user has enough waiting and its deadline is near.
  case userRefused
  /// A requester's queue refused a reply.
  case replyRefused
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
  /// Users with requests waiting or running here.
  public var userCount: Int
  /// Requests of the user who has most waiting and running here.
  public var largestUserShare: Int
  /// Publishes without a confirm yet.
  public var unconfirmedCount: Int
  public var reconnectCount: Int
}
