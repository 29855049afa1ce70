extension Scalars {
  /// The scalar at a position that may lie outside.
  func at(_ position: Int) -> Unicode.Scalar? {
    position >= 0 && position < count ? self[position] : nil
  }

  /// A run of ASCII digits: its end, and its value where it has at most nine.
  func number(at start: Int) -> (end: Int, value: Int)? {
    let end = self.end(from: start, while: \.isASCIIDigit)
    guard end > start, end - start <= 9 else { return nil }
    return (end, self[start..<end].reduce(0) { $0 * 10 + $1.digitValue })
  }

  /// The end of a number with grouping and decimals, as written anywhere (`1,234.5`, `1.234,5`, `12`).
  func numeralEnd(from start: Int) -> Int? {
    var end = self.end(from: start, while: \.isASCIIDigit)
    guard end > start else { return nil }
    while let mark = at(end), mark == "." || mark == ",", at(end + 1)?.isASCIIDigit == true {
      end = self.end(from: end + 1, while: \.isASCIIDigit)
    }
    return end
  }

  /// The end of the word that begins at `start`; at most `limit` letters of it, which is longer than any word of the
  /// rules. Scripts without spaces write whole paragraphs as one word, which must not be searched from each of its
  /// letters.
  func wordEnd(from start: Int, limit: Int = 64) -> Int {
    end(from: start, limit: limit) { $0.isWord && $0 != "_" }
  }

  /// Whether nothing that belongs to a word or number follows.
  func endsToken(at position: Int) -> Bool {
    guard let next = at(position) else { return true }
    if next.joinsDigits { return false }
    let continues = next == "-" || next == "/" || next == ":" || next == "." || next == ","
    return !(continues && at(position + 1)?.isASCIIDigit == true)
  }
}

extension Unicode.Scalar {
  /// Whether a digit next to it belongs to the same word; not so in scripts that put no spaces between words.
  var joinsDigits: Bool {
    guard isWord else { return false }
    if value < 0x1100 { return true }
    let isHangulOrKana =
      (0x1100...0x11FF).contains(value) || (0x3040...0x30FF).contains(value)
      || (0x3130...0x318F).contains(value) || (0xAC00...0xD7A3).contains(value)
    return !properties.isIdeographic && !isHangulOrKana
  }
}
