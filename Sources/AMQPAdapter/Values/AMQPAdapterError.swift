import RabbitMQ
import SpeechCore

/// The error of an operation on AMQP.
public struct AMQPAdapterError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The reasons, as clients distinguish them.
  public enum Code: String, Sendable {
    /// The broker is unreachable, or refused the operation.
    case broker
    /// The queue does not exist, because no service has declared it.
    case queueMissing
    /// No reply arrived in time.
    case timedOut
    /// The service answered with an error; ``AMQPAdapterError/reply`` holds it.
    case refused
    /// The reply can't be parsed, or pieces of a streamed reply are missing.
    case badReply
    /// The connection was closed.
    case closed
  }

  /// The reason, for callers.
  public var code: Code
  /// One sentence for people.
  public var message: String
  var reply: SpeechError?

  init(_ code: Code, _ message: String, reply: SpeechError? = nil) {
    self.code = code
    self.message = message
    self.reply = reply
  }

  init(_ error: RabbitMQError) { self.init(.broker, "\(error)") }

  public var description: String { message }
}
