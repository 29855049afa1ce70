import RabbitMQ
import SpeechCore

/// Why an operation on the bus failed.
public struct AMQPAdapterError: Error, Sendable, Equatable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// The broker can't be reached or refused.
    case broker
    /// No queue of that name: no service declared it.
    case queueMissing
    /// No reply in time.
    case timedOut
    /// The service answered with an error; ``AMQPAdapterError/reply`` holds it.
    case refused
    /// The reply can't be understood, or a streamed reply has a gap.
    case badReply
    case closed
  }

  public var code: Code
  public var message: String
  public var reply: SpeechError?

  public init(_ code: Code, _ message: String, reply: SpeechError? = nil) {
    self.code = code
    self.message = message
    self.reply = reply
  }

  init(_ error: RabbitMQError) { self.init(.broker, "\(error)") }

  public var description: String { message }
}
