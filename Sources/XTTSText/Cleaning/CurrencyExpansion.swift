/// Amounts of money in words: `$20`, `20€`, `£5.20`.
struct CurrencyExpansion: Sendable {
  let words: any NumberWords

  /// Each currency in turn. A currency that has an amount without words ends the whole step, as upstream's does: earlier
  /// expansions stay, and the symbol rules read the rest.
  func apply(to text: Scalars) -> Scalars {
    var text = text
    for currency in Currency.allCases where text.contains(currency.sign) {
      guard let expanded = expand(currency, in: text) else { break }
      text = expanded
    }
    return text
  }

  private func expand(_ currency: Currency, in text: Scalars) -> Scalars? {
    var result = Scalars()
    var position = 0
    while position < text.count {
      if let end = amountEnd(text, from: position, sign: currency.sign) {
        guard let words = spoken(text[position..<end], currency) else { return nil }
        result += Scalars(words)
        position = end
      } else {
        // A run of digits that no sign follows can't hold a match further on.
        let next = max(text.end(from: position, while: Self.isAmount), position + 1)
        result += text[position..<next]
        position = next
      }
    }
    return result
  }

  private static func isAmount(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCIIDigit || scalar == "." || scalar == ","
  }

  /// `\$[0-9.,]*[0-9]+` or `[0-9.,]*[0-9]+\$`.
  private func amountEnd(_ text: Scalars, from start: Int, sign: Unicode.Scalar) -> Int? {
    if text[start] == sign {
      var end = text.end(from: start + 1, while: Self.isAmount)
      while end > start + 1, !text[end - 1].isASCIIDigit { end -= 1 }
      return end > start + 1 ? end : nil
    }
    let end = text.end(from: start, while: Self.isAmount)
    guard end > start, text[end - 1].isASCIIDigit, end < text.count, text[end] == sign else { return nil }
    return end + 1
  }

  private func spoken(_ match: ArraySlice<Unicode.Scalar>, _ currency: Currency) -> String? {
    let digits = match.filter(Self.isAmount).map { $0 == "," ? "." : $0 }
    guard let number = PythonFloat(String(digits)), let spoken = words.amount(number, currency) else { return nil }
    guard number.isWhole else { return spoken }
    return Self.cut(spoken, atLast: words.centsSeparator)
  }

  /// Everything before the last occurrence of the separator.
  static func cut(_ spoken: String, atLast separator: String) -> String {
    let text = Scalars(spoken)
    let separator = Scalars(separator)
    let last = text.indices.last { text.matches(separator, at: $0) }
    return last.map { String(text[..<$0]) } ?? spoken
  }
}
