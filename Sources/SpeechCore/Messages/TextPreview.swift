/// The segments of a text as they would be spoken, without audio.
public struct TextPreview: Codable, Sendable, Equatable {
  /// A part that is spoken in one piece.
  public struct Segment: Codable, Sendable, Equatable {
    /// The part of the caller's text.
    public var text: String
    /// The text that the tokenizer gets.
    public var normalized: String
    /// The number of text tokens.
    public var tokens: Int

    public init(text: String, normalized: String, tokens: Int) {
      self.text = text
      self.normalized = normalized
      self.tokens = tokens
    }
  }

  /// The language whose rules were applied.
  public var language: Language
  /// The rules that were applied.
  public var normalization: NormalizationMode
  /// In the order of the text.
  public var segments: [Segment]
  /// Notes for the client, such as ignored fields.
  public var warnings: [String]

  public init(language: Language, normalization: NormalizationMode, segments: [Segment], warnings: [String] = []) {
    self.language = language
    self.normalization = normalization
    self.segments = segments
    self.warnings = warnings
  }

  private enum CodingKeys: String, CodingKey {
    case language, segments, warnings
    case normalization = "text_normalization"
  }
}
