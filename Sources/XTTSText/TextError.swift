/// Why the text front end can't be set up.
public struct TextError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// A file is missing, unreadable or over its size limit.
    case unreadable
    /// A file is not in the format its name promises.
    case malformed
    /// The vocabulary asks for a tokenizer feature this one does not have.
    case unsupported
  }

  public var code: Code
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
