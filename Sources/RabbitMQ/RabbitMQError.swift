/// What went wrong with the broker, as one closed set of codes.
public struct RabbitMQError: Error, Equatable, Sendable {
  public enum Code: String, Sendable, CaseIterable {
    /// A broker URL or a setting that can't be used; nothing was tried.
    case invalidConfiguration
    /// Name resolution, TCP or TLS failed.
    case connectFailed
    /// The broker refused the user, the password or the virtual host.
    case accessRefused
    /// The connection is gone: closed by the broker, cut, or without heartbeats.
    case connectionLost
    /// The broker closed the channel; ``RabbitMQError/replyCode`` says why (404, 405, 406, …).
    case channelClosed
    /// The broker did not answer a method, or confirm a message, in time.
    case timedOut
    /// The broker refused the message (`basic.nack`).
    case notAcknowledged
    /// The message or method does not fit in a frame. Nothing was sent, and the connection is as it was.
    case unencodable
    /// More is waiting than the connection holds.
    case overloaded
    /// The connection or channel was closed by this side.
    case closed
  }

  public var code: Code
  public var message: String
  /// AMQP's reply code, where the broker gave one.
  public var replyCode: UInt16?

  public init(_ code: Code, _ message: String, replyCode: UInt16? = nil) {
    self.code = code
    self.message = message
    self.replyCode = replyCode
  }

  /// Whether the same operation can succeed later, on this connection or a new one.
  public var isRetriable: Bool {
    switch code {
    case .connectFailed, .connectionLost, .timedOut, .notAcknowledged, .overloaded: true
    case .channelClosed: replyCode == 320 || replyCode == 541
    case .invalidConfiguration, .accessRefused, .unencodable, .closed: false
    }
  }

  public var isNotFound: Bool { replyCode == 404 }
  /// The queue exists, but belongs to another connection.
  public var isResourceLocked: Bool { replyCode == 405 }
  /// The queue or exchange exists with other arguments.
  public var isPreconditionFailed: Bool { replyCode == 406 }
}

extension RabbitMQError: CustomStringConvertible {
  public var description: String {
    replyCode.map { "\(code.rawValue) (\($0)): \(message)" } ?? "\(code.rawValue): \(message)"
  }
}
