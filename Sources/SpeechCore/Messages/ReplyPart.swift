/// A part of a reply that is sent only on request (`include`).
public enum ReplyPart: String, CaseIterable, Codable, Sendable {
  /// Each segment's text as the tokenizer gets it.
  case normalized
  /// The times of the words. Reserved: this version sends none.
  case words

  static let wordsWarning = "include: this version sends no words"
}
