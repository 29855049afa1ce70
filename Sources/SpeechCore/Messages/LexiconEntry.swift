/// A word or phrase of a pronunciation lexicon, and its respelling: XTTS reads letters, not phonemes.
public struct LexiconEntry: Codable, Sendable, Hashable {
  /// The text to replace.
  public var written: String
  /// The text that is read instead.
  public var spoken: String
  /// Whether capitals count.
  public var caseSensitive: Bool
  /// Whether it matches only between the ends of words.
  public var wholeWord: Bool
  /// Nil for any language.
  public var language: Language?

  /// The largest number of characters of `written` and of `spoken`.
  public static let maximumCharacters = 200

  public init(
    written: String, spoken: String, caseSensitive: Bool = false, wholeWord: Bool = true, language: Language? = nil
  ) {
    self.written = written
    self.spoken = spoken
    self.caseSensitive = caseSensitive
    self.wholeWord = wholeWord
    self.language = language
  }

  private enum CodingKeys: String, CodingKey {
    case written, spoken, language
    case caseSensitive = "case_sensitive"
    case wholeWord = "whole_word"
  }
}
