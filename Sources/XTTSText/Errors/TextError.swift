import SpeechCore

/// Why the text front end can't be set up.
public typealias TextError = CodedError<TextErrorCode>

public enum TextErrorCode: String, Sendable {
  /// A file is missing, unreadable or over its size limit.
  case unreadable
  /// A file is not in the format its name promises.
  case malformed
  /// The vocabulary asks for a tokenizer feature this one does not have.
  case unsupported
}
