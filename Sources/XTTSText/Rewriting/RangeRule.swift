/// `10-20`, `10–20 km`: two numbers that rise, with a word between them.
struct RangeRule: RewriteRule {
  let words: SpokenWords

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    guard let low = text.number(at: position), let dash = text.at(low.end), dash == "-" || dash == "–",
      let high = text.number(at: low.end + 1), low.value < high.value, low.end - position <= 6,
      high.end - low.end <= 7, text.endsToken(at: high.end), text.at(position - 1) != "-",
      text[position] != "0" || low.value == 0,
      // A phone number: `555-1234`.
      low.end - position != 3 || high.end - low.end != 5
    else { return nil }
    if let unit = UnitRule(words: words).match(text, at: low.end + 1) {
      return RewriteMatch(end: unit.end, words: "\(low.value) \(words.rangeWord) \(unit.words)")
    }
    let areYears = low.end - position == 4 && (1100...2099).contains(low.value) && (1100...2099).contains(high.value)
    let spoken = [low.value, high.value].map { areYears ? YearRule.spoken($0, words: words) : String($0) }
    return RewriteMatch(end: high.end, words: spoken.joined(separator: " \(words.rangeWord) "))
  }
}
