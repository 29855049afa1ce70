/// `5 km`, `25 °C`, `80km/h`: the unit in words; the number is left for the number rules.
struct UnitRule: RewriteRule {
  let words: SpokenWords

  private static let longest = 5

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    guard let numberEnd = text.numeralEnd(from: position) else { return nil }
    var start = numberEnd
    if let space = text.at(start), space == " " || space == "\u{A0}" || space == "\u{202F}" { start += 1 }
    for length in stride(from: Self.longest, through: 1, by: -1) where start + length <= text.count {
      let unit = String(text[start..<(start + length)])
      guard let noun = words.units[unit], text.at(start + length)?.isWord != true,
        text.at(start + length) != "/", text.at(start + length) != "²", text.at(start + length) != "³"
      else { continue }
      let number = text[position..<numberEnd]
      let isOne = number.elementsEqual(["1"])
      return RewriteMatch(end: start + length, words: "\(String(number)) \(isOne ? noun.one : noun.many)")
    }
    return nil
  }
}
