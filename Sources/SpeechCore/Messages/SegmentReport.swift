/// What became of one piece of the text.
public struct SegmentReport: Codable, Sendable, Equatable {
  public var text: String
  public var characters: Int
  public var codes: Int
  /// The model did not end by itself: it ran to its limit of audio codes.
  public var hitLimit: Bool

  public init(text: String, characters: Int, codes: Int, hitLimit: Bool) {
    self.text = text
    self.characters = characters
    self.codes = codes
    self.hitLimit = hitLimit
  }

  private enum CodingKeys: String, CodingKey {
    case text, characters, codes
    case hitLimit = "hit_limit"
  }
}
