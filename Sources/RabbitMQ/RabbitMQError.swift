import SpeechCore

/// An error of the broker, the connection or a request. The set of codes is closed.
public struct RabbitMQError: Error, Equatable, Sendable {
  /// The reasons, as callers distinguish them.
  public enum Code: String, Sendable, CaseIterable {
    /// A broker URL or a setting is invalid; no connection was attempted.
    case invalidConfiguration
    /// Name resolution, TCP or TLS failed.
    case connectFailed
    /// The broker refused the user, the password or the virtual host.
    case accessRefused
    /// The connection was closed by the broker, broke, or had no heartbeats.
    case connectionLost
    /// The broker closed the channel; ``RabbitMQError/replyCode`` has the reason (404, 405, 406, …).
    case channelClosed
    /// The broker did not answer a method, or did not confirm a message, in time.
    case timedOut
    /// The broker refused the message (`basic.nack`).
    case notAcknowledged
    /// The message or method does not fit in a frame. Nothing was sent, and the connection is still usable.
    case unencodable
    /// The connection's limit of waiting messages is reached.
    case overloaded
    /// This side closed the connection or channel.
    case closed
  }

  /// The reason, for callers.
  public var code: Code
  /// One sentence for people; never has the password.
  public var message: String
  /// AMQP's reply code; nil when the broker sent none.
  public var replyCode: UInt16?

  public init(_ code: Code, _ message: String, replyCode: UInt16? = nil) {
    self.code = code
    self.message = message
    self.replyCode = replyCode
    ErrorTrace.record("RabbitMQError", message)
  }

  /// Whether the same operation can succeed later, on this connection or a new one.
  var isRetriable: Bool {
    switch code {
    case .connectFailed, .connectionLost, .timedOut, .notAcknowledged, .overloaded: true
    case .channelClosed: replyCode == 320 || replyCode == 541
    case .invalidConfiguration, .accessRefused, .unencodable, .closed: false
    }
  }

  /// The queue or exchange does not exist.
  public var isNotFound: Bool { replyCode == 404 }
  /// The queue belongs to another connection.
  public var isLocked: Bool { replyCode == 405 }
  /// The queue or exchange exists with other arguments.
  public var isPreconditionFailed: Bool { replyCode == 406 }
}

extension RabbitMQError: CustomStringConvertible {
  public var description: String { message }
}
