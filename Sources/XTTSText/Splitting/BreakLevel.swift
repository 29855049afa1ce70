import SpeechCore

/// The places to cut a text, from the best to the last resort.
enum BreakLevel: Int, Comparable, Sendable {
  case sentence, clause, word, grapheme, scalar

  static func < (left: BreakLevel, right: BreakLevel) -> Bool { left.rawValue < right.rawValue }

  var next: BreakLevel? { BreakLevel(rawValue: rawValue + 1) }

  /// Positions strictly inside the range, ascending.
  func positions(in text: Scalars, _ range: Range<Int>, sentences: SentenceBoundaries) -> [Int] {
    switch self {
    case .sentence: sentences.positions(in: text, range)
    case .clause: Self.clausePositions(in: text, range)
    case .word: range.dropFirst().filter { Self.startsWord(in: text, at: $0) }
    case .grapheme: Self.graphemePositions(in: text, range)
    case .scalar: Array(range.dropFirst())
    }
  }

  private static func clausePositions(in text: Scalars, _ range: Range<Int>) -> [Int] {
    range.dropFirst().filter { position in
      if text[position].isPythonSpace { return false }
      var before = position - 1
      let spaced = text[before].isPythonSpace
      while before > range.lowerBound, text[before].isPythonSpace { before -= 1 }
      let mark = text[before]
      return spaced ? mark.endsClause : mark.isFullWidthClauseMark && !text[position].endsClause
    }
  }

  /// After white space; in Japanese, which has none, where kanji follow a run of hiragana (endings, particles).
  private static func startsWord(in text: Scalars, at position: Int) -> Bool {
    let before = text[position - 1]
    let after = text[position]
    if before.isPythonSpace { return !after.isPythonSpace }
    return before.isHiragana && after.properties.isIdeographic
  }

  private static func graphemePositions(in text: Scalars, _ range: Range<Int>) -> [Int] {
    var positions: [Int] = []
    var position = range.lowerBound
    for character in String(text[range]) {
      if position > range.lowerBound { positions.append(position) }
      position += character.unicodeScalars.count
    }
    return positions
  }
}

extension Unicode.Scalar {
  var isHiragana: Bool { (0x3041...0x309F).contains(value) }
}
