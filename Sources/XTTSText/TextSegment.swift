/// One piece of a text, ready for the model.
public struct TextSegment: Sendable, Equatable {
  /// The piece as it stands in the caller's text. All pieces joined give the text back, apart from white space.
  public var text: String
  /// The text that the model reads.
  public var normalized: String
  /// `[tokens]`, language tag first; without the model's start and stop tokens.
  public var tokens: [Int]

  public init(text: String, normalized: String, tokens: [Int]) {
    self.text = text
    self.normalized = normalized
    self.tokens = tokens
  }

  /// Nothing in it can be heard: punctuation only. The model would babble on it.
  public var isSilent: Bool { !normalized.unicodeScalars.contains(where: \.isSpeakable) }
}
