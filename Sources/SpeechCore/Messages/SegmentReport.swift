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
