import SpeechCore

/// Where sentences end in a text, in every script XTTS reads.
struct SentenceBoundaries: Sendable {
  private let abbreviations: Set<String>
  /// Languages that write `3.` for "third": such a point ends nothing.
  private let hasPointedOrdinals: Bool

  init(language: Language) {
    abbreviations = SentenceAbbreviations.table[language] ?? []
    switch language {
    case .german, .czech, .hungarian, .turkish, .polish: hasPointedOrdinals = true
    default: hasPointedOrdinals = false
    }
  }

  /// Positions after the white space that follows a sentence, without the end of the range.
  func positions(in text: Scalars, _ range: Range<Int>) -> [Int] {
    var result: [Int] = []
    var position = range.lowerBound
    while position < range.upperBound {
      let scalar = text[position]
      guard scalar.endsSentence || scalar.isLineBreak else {
        position += 1
        continue
      }
      let end = min(text.end(from: position) { $0.endsSentence || $0.closesQuotation }, range.upperBound)
      let next = min(text.end(from: end, while: \.isPythonSpace), range.upperBound)
      if next < range.upperBound, isBoundary(text, mark: position, end: end, next: next) { result.append(next) }
      position = max(next, position + 1)
    }
    return result
  }

  private func isBoundary(_ text: Scalars, mark: Int, end: Int, next: Int) -> Bool {
    let scalar = text[mark]
    if scalar.isLineBreak || scalar.isFullWidthMark || text[end..<next].contains(where: \.isLineBreak) { return true }
    // Within a URL, a number or a name (`Yahoo!x`) nothing ends.
    guard next > end else { return false }
    if text[next].properties.isLowercase { return false }
    guard scalar == ".", end == mark + 1 else { return true }
    return !isAbbreviation(text, before: mark)
  }

  private func isAbbreviation(_ text: Scalars, before mark: Int) -> Bool {
    var start = mark
    while start > 0, mark - start < 16, text[start - 1].isWord || text[start - 1] == "." || text[start - 1] == "-" {
      start -= 1
    }
    let word = text[start..<mark]
    guard let last = word.last else { return false }
    if word.allSatisfy(\.isASCIIDigit) { return hasPointedOrdinals && word.count <= 2 }
    // Initials: `J. R. R.`, `U.S.`
    if last.properties.isUppercase, word.count == 1 || word.dropLast().last == "." { return true }
    return abbreviations.contains(String(Scalars(word).lowercased()))
  }
}

extension Unicode.Scalar {
  var endsSentence: Bool {
    switch self {
    case ".", "!", "?", "…", "‽", "؟", "۔", "।", "॥": true
    default: isFullWidthMark
    }
  }

  /// Marks of scripts that put no space after them.
  var isFullWidthMark: Bool {
    switch self {
    case "。", "！", "？", "｡", "．": true
    default: false
    }
  }

  var closesQuotation: Bool {
    switch self {
    case "\"", "'", "”", "’", "»", "›", ")", "]", "}", "」", "』", "】", "）", "》", "〉", "“": true
    default: false
    }
  }

  var isLineBreak: Bool {
    switch value {
    case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
    default: false
    }
  }

  var endsClause: Bool {
    switch self {
    case ",", ";", ":", "—", "–", "،", "؛": true
    default: isFullWidthClauseMark
    }
  }

  var isFullWidthClauseMark: Bool {
    switch self {
    case "，", "、", "；", "：", "､", "—", "…": true
    default: false
    }
  }
}
