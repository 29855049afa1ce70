/// One piece of a text, ready for the model.
public struct TextSegment: Sendable, Equatable {
  /// The piece as it stands in the caller's text. All pieces joined give the text back, apart from white space.
  public var text: String
  /// The text that the model reads.
  public var normalized: String
  /// `[tokens]`, language tag first; without the model's start and stop tokens.
  public var tokens: [Int]
  /// Characters that have a sound or a name but that the model can't read, each once.
  public var unreadable: [Unicode.Scalar]
  /// Its scalars in the written text.
  public var range = 0..<0
  /// The end after it, where each sentence or paragraph is a segment.
  public var boundary: Boundary?

  public enum Boundary: Sendable { case sentence, paragraph }

  public init(text: String, normalized: String, tokens: [Int], unreadable: [Unicode.Scalar] = []) {
    self.text = text
    self.normalized = normalized
    self.tokens = tokens
    self.unreadable = unreadable
  }

  /// Nothing in it can be heard: punctuation only. The model would babble on it.
  public var isSilent: Bool { !normalized.unicodeScalars.contains(where: \.isSpeakable) }

  /// Whether the model can read a letter or digit of it.
  var isReadable: Bool {
    let unreadable = Set(unreadable)
    return normalized.unicodeScalars.contains { $0.isSpeakable && !unreadable.contains($0) }
  }
}
