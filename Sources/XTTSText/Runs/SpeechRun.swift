import SpeechCore

/// Pieces of a text that are read in one go: one voice, one language, no pause between them.
public struct SpeechRun: Sendable {
  /// The pieces in order, and their words.
  public var pieces: [(text: String, reading: SpeechScript.Reading)]

  public init(_ pieces: [(text: String, reading: SpeechScript.Reading)]) { self.pieces = pieces }
}

/// The rules for a run.
public struct RunOptions: Sendable {
  /// The language that the text is read in.
  public var language: Language
  /// The rewriting of the text before it is tokenized.
  public var mode: NormalizationMode
  /// False to get one piece or an error.
  public var splitting: Bool
  /// Whether each sentence is a segment.
  public var endsAtSentences = false
  /// Whether each paragraph begins a segment.
  public var endsAtParagraphs = false
  /// The respellings; nil for none.
  public var lexicon: LexiconMatcher?

  public init(language: Language, mode: NormalizationMode = .extended, splitting: Bool = true) {
    self.language = language
    self.mode = mode
    self.splitting = splitting
  }
}

/// A written text with some words replaced before it is normalised, and the place of each in both.
struct SpokenText {
  private(set) var written = Scalars()
  private(set) var spoken = Scalars()
  private var edits: [(spoken: Range<Int>, written: Range<Int>)] = []

  mutating func append(_ text: some Collection<Unicode.Scalar>) {
    written += text
    spoken += text
  }

  mutating func append(_ text: some Collection<Unicode.Scalar>, spoken words: Scalars) {
    // A piece begins after blanks: they are no part of the replaced words.
    let blanks = words.prefix(while: \.isPythonSpace)
    spoken += blanks
    let (spokenStart, writtenStart) = (spoken.count, written.count)
    spoken += words.dropFirst(blanks.count)
    written += text
    edits.append((spokenStart..<spoken.count, writtenStart..<written.count))
  }

  /// The written range of a spoken one. Replaced words that are cut belong to the part with their beginning.
  func writtenRange(_ range: Range<Int>) -> Range<Int> {
    let start = writtenPosition(range.lowerBound)
    return start..<max(start, writtenPosition(range.upperBound))
  }

  private func writtenPosition(_ position: Int) -> Int {
    var (low, high) = (0, edits.count)
    while low < high {
      let middle = (low + high) / 2
      if edits[middle].spoken.lowerBound <= position { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return position }
    let edit = edits[low - 1]
    if position >= edit.spoken.upperBound { return edit.written.upperBound + position - edit.spoken.upperBound }
    return position == edit.spoken.lowerBound ? edit.written.lowerBound : edit.written.upperBound
  }
}
