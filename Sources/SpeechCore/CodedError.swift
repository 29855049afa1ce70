/// The error of a module: a code that callers branch on, and a message for people.
///
/// A module names its codes and the error: `public typealias TextError = CodedError<TextErrorCode>`. Errors that carry
/// more than these two are separate types: `SpeechError` (the wire's error object), `CheckpointError` (file and
/// tensor), `RabbitMQError` (AMQP's reply code), `AMQPAdapterError` (the reply of the service).
public struct CodedError<ErrorCode: Equatable & Sendable>: Error, Equatable, Sendable, CustomStringConvertible {
  /// The code's type under the name that callers write: `TextError.Code`.
  public typealias Code = ErrorCode

  /// The reason, for callers.
  public var code: Code
  /// One sentence for people.
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
    ErrorTrace.record("\(Code.self)", message)
  }

  public var description: String { message }
}
