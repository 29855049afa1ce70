import SpeechCore

/// An event of the AMQP service, for metrics.
public enum AMQPEvent: Sendable, Equatable {
  case received(redelivered: Bool)
  /// A reply or an error reply was confirmed after `seconds` since the delivery; `error` is nil for a success.
  case answered(error: SpeechError.Code?, seconds: Double)
  case retried(attempt: Int, error: SpeechError.Code)
  /// A worker was lost while it held the request.
  case workerLost
  /// The request was sent back, because its user has enough waiting requests here.
  case postponed
  /// The request was refused as `overloaded`, because its user has enough waiting requests and its deadline is near.
  case userRefused
  /// A requester's queue refused a reply.
  case replyRefused
  case deadLettered(error: SpeechError.Code)
  /// The oldest message of `tts.dead` was dropped.
  case deadLetterDropped(DeadLetterDropReason)
  case skipped(SkipReason)
  case reconnected
}

/// The reason why a request was settled without work, or its work was stopped.
public enum SkipReason: String, Sendable, CaseIterable {
  case deadline
  case cancelled
  case requesterGone = "requester_gone"
}

/// The state of the AMQP service, for health checks and gauges.
public struct AMQPState: Sendable, Equatable {
  /// The state of the consuming connection.
  public enum Connection: String, Sendable {
    case connecting, connected, blocked, draining, stopped
  }

  /// The state of the consuming connection.
  public var connection: Connection
  /// Requests with a slot.
  public var runningCount: Int
  var waitingCount: Int
  /// Users with waiting or running requests here.
  public var userCount: Int
  /// The largest number of waiting and running requests of one user.
  public var largestUserShare: Int
  /// Messages that were published and not confirmed yet.
  public var unconfirmedCount: Int
  /// The number of reconnections of both connections.
  var reconnectCount: Int
}
