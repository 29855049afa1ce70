/// Amounts upstream has no words for (`¥500`, `5 CHF`, `20 R$`) or misreads: with a multiplier (`$5 million`,
/// `3 Mio. €`), and whole euros in Portuguese, of which upstream loses a part.
struct CurrencyRule: RewriteRule {
  let words: SpokenWords

  static let signs: Set<Unicode.Scalar> = ["$", "£", "€", "¥", "₹", "₽", "₩", "₺", "₴", "฿"]
  private static let spokenByUpstream: Set<String> = ["$", "£", "€"]

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    var start = position
    var currency = currencyEnd(text, from: position)
    if let found = currency {
      start = text.at(found.end) == " " ? found.end + 1 : found.end
    }
    guard let numberEnd = text.numeralEnd(from: start) else { return nil }
    var end = numberEnd
    let multiplier = multiplierEnd(text, from: end)
    if let multiplier { end = multiplier.end }
    if currency == nil {
      let signStart = text.at(end) == " " ? end + 1 : end
      currency = currencyEnd(text, from: signStart)
      guard let found = currency, text.at(found.end)?.isWord != true else { return nil }
      end = found.end
    } else if text.at(end)?.isWord == true {
      return nil
    }
    guard let sign = currency?.sign, let noun = words.currencies[sign] else { return nil }
    let number = Scalars(text[start..<numberEnd])
    let isLostByUpstream = words.language == .portuguese && number.allSatisfy(\.isASCIIDigit)
    // Amounts with hundredths are money values.
    let hasMark = number.contains { !$0.isASCIIDigit }
    guard multiplier != nil || !hasMark else { return nil }
    guard multiplier != nil || !Self.spokenByUpstream.contains(sign) || isLostByUpstream else { return nil }
    let isOne = number == ["1"] && multiplier == nil
    let spokenNoun = isOne ? noun.one : noun.many
    guard let multiplier else { return RewriteMatch(end: end, words: "\(String(number)) \(spokenNoun)") }
    return RewriteMatch(
      end: end,
      words:
        "\(String(number)) \(multiplier.word)\(multiplier.word == "mil" ? " " : joint(before: spokenNoun))\(spokenNoun)"
    )
  }

  /// `five million dollars`, `cinco millones de dólares`, `cinq millions d'euros`.
  private func joint(before noun: String) -> String {
    let startsWithVowel = noun.unicodeScalars.first.map { "aeiouyé".unicodeScalars.contains($0) } ?? false
    return words.language == .french && startsWithVowel ? " d'" : words.multiplierJoint + " "
  }

  private func currencyEnd(_ text: Scalars, from start: Int) -> (sign: String, end: Int)? {
    guard let first = text.at(start) else { return nil }
    if Self.signs.contains(first) { return (String(Character(first)), start + 1) }
    if text.at(start - 1)?.isWord == true, text.at(start - 1)?.isASCIIDigit == false { return nil }
    let end = text.matches(Scalars("R$"), at: start) ? start + 2 : text.wordEnd(from: start)
    let code = String(Scalars(text[start..<end]))
    return end > start && words.currencies[code] != nil ? (code, end) : nil
  }

  private func multiplierEnd(_ text: Scalars, from end: Int) -> (word: String, end: Int)? {
    let start = text.at(end) == " " ? end + 1 : end
    let wordEnd = text.wordEnd(from: start)
    guard wordEnd > start else { return nil }
    let short = String(Scalars(text[start..<wordEnd]))
    guard let word = words.multipliers[short] ?? words.multipliers[short.lowercased()] else { return nil }
    let hasPoint = short != word && short.count > 1 && text.at(wordEnd) == "."
    return (word, hasPoint ? wordEnd + 1 : wordEnd)
  }
}
