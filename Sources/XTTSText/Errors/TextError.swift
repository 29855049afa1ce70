import SpeechCore

/// A failure to set up the text front end.
public typealias TextError = CodedError<TextErrorCode>

public enum TextErrorCode: String, Sendable {
  /// A file is missing, unreadable or over its size limit.
  case unreadable
  /// A file is not in the format its name promises.
  case malformed
  /// The vocabulary needs a feature that this tokenizer does not have.
  case unsupported
}
