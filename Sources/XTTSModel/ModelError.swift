/// Why a model can't be loaded or run.
public struct ModelError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// A file is missing, unreadable or not what its name says.
    case unreadable
    /// The configuration and the tensors don't describe one model.
    case inconsistent
    /// An argument is outside what the model can do (a token, a slot, a length).
    case invalidArgument
    /// The tensor library or a kernel failed.
    case backend
  }

  public var code: Code
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
