import SpeechCore

/// Cuts a text into pieces of at most a number of characters (Unicode scalars): at sentences, and inside one too long
/// at clauses, then words, then graphemes. Neighbours are packed together while they fit, as upstream does, so that the
/// model gets the context it was trained with.
struct TextSplitter: Sendable {
  let characterLimit: Int
  private let sentences: SentenceBoundaries

  init(language: Language) {
    self.init(language: language, characterLimit: language.characterLimit)
  }

  init(language: Language, characterLimit: Int) {
    self.characterLimit = max(characterLimit, 1)
    sentences = SentenceBoundaries(language: language)
  }

  /// Below this the model tends to babble.
  private var shortPiece: Int { characterLimit / 16 }

  /// Ranges that cover everything but white space, in order, none over the limit.
  func split(_ text: Scalars) -> [Range<Int>] {
    let whole = trimmed(text, text.startIndex..<text.endIndex)
    guard !whole.isEmpty else { return [] }
    return joiningShortPieces(text, pieces(text, whole, level: .sentence))
  }

  /// Cuts a piece in two at the best place near its middle; nil for a single scalar.
  func halves(_ text: Scalars, _ range: Range<Int>) -> [Range<Int>]? {
    var level: BreakLevel? = .sentence
    let middle = range.lowerBound + range.count / 2
    while let current = level {
      let cut = current.positions(in: text, range, sentences: sentences)
        .min { abs($0 - middle) < abs($1 - middle) }
      // A cut near an end helps little; a finer one nearer the middle is better.
      if let cut, current == .scalar || abs(cut - middle) <= range.count * 3 / 8 {
        let parts = [trimmed(text, range.lowerBound..<cut), trimmed(text, cut..<range.upperBound)]
        return parts.filter { !$0.isEmpty }
      }
      level = current.next
    }
    return nil
  }

  private func pieces(_ text: Scalars, _ range: Range<Int>, level: BreakLevel) -> [Range<Int>] {
    guard range.count > characterLimit else { return range.isEmpty ? [] : [range] }
    let cuts = level.positions(in: text, range, sentences: sentences)
    guard let next = level.next, level != .grapheme || cuts.count < range.count - 1 else {
      return packed(text, range, cuts)
    }
    var result: [Range<Int>] = []
    var start = range.lowerBound
    // Finer pieces are packed already; only pieces of this level are packed with each other.
    var run: [Int] = []
    var runStart = start
    for end in cuts + [range.upperBound] {
      if trimmed(text, start..<end).count > characterLimit {
        if runStart < start { result += packed(text, runStart..<start, run.dropLast()) }
        result += pieces(text, trimmed(text, start..<end), level: next)
        run = []
        runStart = end
      } else {
        run.append(end)
      }
      start = end
    }
    if runStart < range.upperBound { result += packed(text, runStart..<range.upperBound, run.dropLast()) }
    return result
  }

  /// Joins neighbouring parts while they fit.
  private func packed(_ text: Scalars, _ range: Range<Int>, _ cuts: some Sequence<Int>) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = range.lowerBound
    var end = start
    for cut in Array(cuts) + [range.upperBound] {
      if end > start, trimmed(text, start..<cut).count > characterLimit {
        result.append(trimmed(text, start..<end))
        start = end
      }
      end = cut
    }
    result.append(trimmed(text, start..<end))
    return result.filter { !$0.isEmpty }
  }

  /// A piece too short to speak well goes to its neighbour; where the two don't fit together they are cut evenly.
  private func joiningShortPieces(_ text: Scalars, _ pieces: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for piece in pieces {
      guard let previous = result.last, isShort(text, piece) || isShort(text, previous) else {
        result.append(piece)
        continue
      }
      let joined = previous.lowerBound..<piece.upperBound
      if joined.count <= characterLimit {
        result[result.count - 1] = joined
      } else if let halves = halves(text, joined), halves.allSatisfy({ $0.count <= characterLimit }),
        !halves.contains(where: { isShort(text, $0) })
      {
        result.removeLast()
        result += halves
      } else {
        result.append(piece)
      }
    }
    return result
  }

  private func isShort(_ text: Scalars, _ range: Range<Int>) -> Bool {
    text[range].lazy.filter(\.isSpeakable).prefix(shortPiece).count < shortPiece
  }

  private func trimmed(_ text: Scalars, _ range: Range<Int>) -> Range<Int> {
    var lower = range.lowerBound
    var upper = range.upperBound
    while lower < upper, text[lower].isPythonSpace { lower += 1 }
    while upper > lower, text[upper - 1].isPythonSpace { upper -= 1 }
    return lower..<upper
  }
}
