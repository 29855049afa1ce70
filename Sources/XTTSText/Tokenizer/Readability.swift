/// Fits a cleaned text to the characters of the vocabulary, and keeps account of those that can't be read.
struct Readability: Sendable {
  private let readable: Set<Unicode.Scalar>

  init(_ vocabulary: Vocabulary) {
    readable = Set(vocabulary.characters.keys)
  }

  /// Characters that have a sound or a name and are missing from the vocabulary, each once, in the order of the text.
  func missing(in text: Scalars) -> DistinctScalars {
    var missing = DistinctScalars()
    for scalar in text where !reads(scalar) && scalar.isHeard { missing.insert(scalar) }
    return missing
  }

  /// The text in the vocabulary's characters: letters of other scripts in Latin ones, letters without the marks that
  /// the vocabulary does not have. The characters that remain are removed; those with a sound or a name are returned.
  func fit(_ text: Scalars) -> (text: Scalars, missing: DistinctScalars) {
    var missing = DistinctScalars()
    guard text.contains(where: { !reads($0) }) else { return (text, missing) }
    var result = Scalars()
    result.reserveCapacity(text.count)
    var position = 0
    while position < text.count {
      let end = text.end(from: position) { $0.isWord || $0.isMark }
      guard end > position else {
        append(text[position], to: &result, &missing)
        position += 1
        continue
      }
      for part in parts(text[position..<end]) where !part.isEmpty {
        if part.allSatisfy(reads) {
          result += part
        } else {
          append(word: part, to: &result, &missing)
        }
      }
      position = end
    }
    return (result.collapsingWhitespace(), missing)
  }

  /// A word cut where its script changes between those that are read as they stand and those that are not.
  private func parts(_ word: ArraySlice<Unicode.Scalar>) -> [ArraySlice<Unicode.Scalar>] {
    var parts: [ArraySlice<Unicode.Scalar>] = []
    var start = word.startIndex
    for index in word.indices.dropFirst() where word[index].isEastAsian != word[index - 1].isEastAsian {
      parts.append(word[start..<index])
      start = index
    }
    return parts + [word[start...]]
  }

  private func append(
    word: ArraySlice<Unicode.Scalar>, to result: inout Scalars, _ missing: inout DistinctScalars
  ) {
    let plain = word.flatMap { reads($0) ? [$0] : WrittenForms.withoutMarks($0) }
    if plain.allSatisfy(reads), !plain.isEmpty {
      result += plain
      return
    }
    let latin = Transliteration.latin(word).lowercased()
    let isSeparate = word.first?.isEastAsian == true
    if isSeparate, result.last?.isWord == true { result.append(" ") }
    result += latin.filter(reads)
    if isSeparate { result.append(" ") }
    for scalar in latin where !reads(scalar) && scalar.isHeard { missing.insert(scalar) }
  }

  private func append(_ scalar: Unicode.Scalar, to result: inout Scalars, _ missing: inout DistinctScalars) {
    if reads(scalar) {
      result.append(scalar)
      return
    }
    if scalar.isHeard { missing.insert(scalar) }
    result += plainMark(scalar)
  }

  /// Punctuation that the vocabulary does not have, as the mark that sounds like it.
  private func plainMark(_ scalar: Unicode.Scalar) -> Scalars {
    switch scalar.properties.generalCategory {
    case .dashPunctuation: ["-"]
    case .connectorPunctuation, .mathSymbol, .currencySymbol, .otherSymbol, .modifierSymbol: [" "]
    case .otherPunctuation: scalar.endsSentence ? ["."] : scalar.endsClause ? [","] : [" "]
    default: scalar.isPythonSpace ? [" "] : []
    }
  }

  /// Single kana, Hangul and Han characters are in the vocabulary, but the model did not learn to read them.
  private func reads(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || readable.contains(scalar) && !scalar.isEastAsian
  }
}

/// Scalars, each once, in the order in which they came.
struct DistinctScalars: Sendable, Equatable {
  private(set) var scalars: [Unicode.Scalar] = []
  private var seen: Set<Unicode.Scalar> = []

  mutating func insert(_ scalar: Unicode.Scalar) {
    if seen.insert(scalar).inserted { scalars.append(scalar) }
  }
}

extension Unicode.Scalar {
  /// Letters, digits and signs; not punctuation, marks and controls.
  fileprivate var isHeard: Bool {
    switch properties.generalCategory {
    case .mathSymbol, .currencySymbol, .otherSymbol, .privateUse, .unassigned: true
    default: isSpeakable
    }
  }

  /// A letter of the scripts of China, Japan and Korea.
  fileprivate var isEastAsian: Bool {
    (0x1100...0x11FF).contains(value) || (0x2E80...0xD7FF).contains(value) && isWord
      || (0xF900...0xFAFF).contains(value) || (0x20000...0x3FFFF).contains(value)
  }
}
