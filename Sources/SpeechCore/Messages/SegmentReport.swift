/// What became of one piece of the text.
public struct SegmentReport: Codable, Sendable, Equatable {
  /// The segment as it stands in the request.
  public var text: String
  /// Unicode scalars of the segment.
  public var characters: Int
  /// Audio codes that the model produced, 46.4 ms each.
  public var codes: Int
  /// The model did not end by itself: it ran to its limit of audio codes.
  public var hitLimit: Bool
  /// The text as the tokenizer got it; nil unless the request includes it.
  public var normalized: String?

  public init(text: String, characters: Int, codes: Int, hitLimit: Bool, normalized: String? = nil) {
    self.text = text
    self.characters = characters
    self.codes = codes
    self.hitLimit = hitLimit
    self.normalized = normalized
  }

  private enum CodingKeys: String, CodingKey {
    case text, characters, codes, normalized
    case hitLimit = "hit_limit"
  }
}
