/// The segments of a text as they would be spoken, without audio.
public struct TextPreview: Codable, Sendable, Equatable {
  public struct Segment: Codable, Sendable, Equatable {
    /// The part of the caller's text.
    public var text: String
    /// The text that the tokenizer gets.
    public var normalized: String
    public var tokens: Int

    public init(text: String, normalized: String, tokens: Int) {
      self.text = text
      self.normalized = normalized
      self.tokens = tokens
    }
  }

  public var language: Language
  public var normalization: NormalizationMode
  public var segments: [Segment]
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
