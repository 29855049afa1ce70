/// Decimals, ordinals and whole numbers in words.
struct NumberExpansion: Sendable {
  let words: any NumberWords
  let expandsDecimals: Bool
  let ordinalSuffixes: [OrdinalSuffix]

  init(_ rules: LanguageRules) {
    words = rules.numbers
    expandsDecimals = rules.expandsDecimals
    ordinalSuffixes = rules.ordinalSuffixes
  }

  func apply(to text: Scalars) -> Scalars {
    guard text.contains(where: \.isASCIIDigit) else { return text }
    var text = text
    if expandsDecimals { text = replacingDigitRuns(in: text, decimal) }
    text = replacingDigitRuns(in: text, ordinal)
    return replacingDigitRuns(in: text) { text, run in
      (run.upperBound, words.cardinal(DecimalInteger(text[run])) ?? digitByDigit(text[run]))
    }
  }

  /// Calls `match` with each run of ASCII digits; it answers with the end of what it replaces and the words, or nil.
  private func replacingDigitRuns(
    in text: Scalars, _ match: (Scalars, Range<Int>) -> (end: Int, words: String)?
  ) -> Scalars {
    var result = Scalars()
    result.reserveCapacity(text.count + 32)
    var position = 0
    while position < text.count {
      guard text[position].isASCIIDigit else {
        result.append(text[position])
        position += 1
        continue
      }
      let run = position..<text.end(from: position, while: \.isASCIIDigit)
      if let found = match(text, run) {
        result += found.words.unicodeScalars
        position = found.end
      } else {
        result += text[run]
        position = run.upperBound
      }
    }
    return result
  }

  private func decimal(_ text: Scalars, _ run: Range<Int>) -> (end: Int, words: String)? {
    let point = run.upperBound
    guard point < text.count, text[point] == "." || text[point] == "," else { return nil }
    let end = text.end(from: point + 1, while: \.isASCIIDigit)
    guard end > point + 1 else { return nil }
    let written = String(text[run]) + "." + String(text[(point + 1)..<end])
    if let number = PythonFloat(written), let words = words.decimal(number) { return (end, words) }
    return (end, digitByDigit(text[run]) + ", " + digitByDigit(text[(point + 1)..<end]))
  }

  private func ordinal(_ text: Scalars, _ run: Range<Int>) -> (end: Int, words: String)? {
    let start = run.upperBound
    for suffix in ordinalSuffixes where text.matches(suffix.text, at: start) {
      let end = start + suffix.text.count
      if suffix.endsWord, end < text.count, !text[end].isPythonSpace { continue }
      let number = DecimalInteger(text[run])
      return (end, words.ordinal(number) ?? words.cardinal(number) ?? digitByDigit(text[run]))
    }
    return nil
  }

  /// Reads numbers beyond the language's words like a telephone number. Upstream fails on them.
  private func digitByDigit(_ digits: ArraySlice<Unicode.Scalar>) -> String {
    digits.compactMap { words.cardinal(DecimalInteger($0.digitValue)) }.joined(separator: " ")
  }
}
