/// Short forms to whole words, one form after the other through the whole text, in the table's order.
enum AbbreviationExpansion {
  static func expand(_ text: Scalars, _ abbreviations: [Abbreviation]) -> Scalars {
    var text = text
    for abbreviation in abbreviations { text = expand(text, abbreviation) }
    return text
  }

  private static func expand(_ text: Scalars, _ abbreviation: Abbreviation) -> Scalars {
    let short = abbreviation.short
    guard let first = short.first, text.count >= short.count else { return text }
    var result = Scalars()
    var copied = 0
    var position = 0
    while position <= text.count - short.count {
      let end = position + short.count
      if sameLetter(text[position], first), text.isWordBoundary(at: position), stands(short, in: text, at: position),
        !abbreviation.endsWord || text.isWordBoundary(at: end)
      {
        result += text[copied..<position]
        result += abbreviation.long
        copied = end
        position = end
      } else {
        position += 1
      }
    }
    return copied == 0 ? text : result + text[copied...]
  }

  private static func stands(_ short: Scalars, in text: Scalars, at position: Int) -> Bool {
    short.indices.allSatisfy { sameLetter(text[position + $0], short[$0]) }
  }

  /// Equal but for case; `lower` is lower case.
  private static func sameLetter(_ scalar: Unicode.Scalar, _ lower: Unicode.Scalar) -> Bool {
    if scalar == lower { return true }
    if scalar.isASCII { return lower.isASCII && scalar.value &- 0x41 < 26 && scalar.value | 0x20 == lower.value }
    return !lower.isASCII && scalar.properties.lowercaseMapping.unicodeScalars.elementsEqual([lower])
  }
}
