/// `1980s`, `'90s`, `20s` in English.
struct DecadeRule: RewriteRule {
  let words: SpokenWords

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    guard words.language == .english, let number = text.number(at: position), text.at(number.end) == "s",
      text.at(number.end + 1)?.isWord != true, number.value % 10 == 0
    else { return nil }
    let decade = number.value % 100
    let tens = decade == 0 ? "hundreds" : String(words.cardinal(decade).replacing(/y$/, with: "ie")) + "s"
    switch number.end - position {
    case 2 where decade >= 20 && followsDecadeWord(text, position):
      return RewriteMatch(end: number.end + 1, words: tens)
    case 4 where (1100...2099).contains(number.value):
      return RewriteMatch(end: number.end + 1, words: words.cardinal(number.value / 100) + " " + tens)
    default: return nil
    }
  }

  /// `20s` alone is a number of seconds.
  private func followsDecadeWord(_ text: Scalars, _ position: Int) -> Bool {
    if let mark = text.at(position - 1), mark == "'" || mark == "’" { return true }
    let word = text.lowerWord(endingAt: text.lastNonSpace(before: position) + 1)
    return ["the", "her", "his", "their", "my", "our", "your", "early", "mid", "late", "mid-"].contains(word)
  }
}

/// `May 3, 1985`, `Jan. 5` in English: the day is an ordinal.
struct MonthDayRule: RewriteRule {
  let words: SpokenWords

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    if words.language == .english, let match = dayBeforeMonth(text, position) { return match }
    guard words.language == .english, let day = text.number(at: position), (1...31).contains(day.value),
      day.end - position <= 2, text.endsToken(at: day.end), isMonth(text, before: position)
    else { return nil }
    let spoken = words.ordinal(day.value)
    guard text.at(day.end) == ",", text.at(day.end + 1) == " ", let year = text.number(at: day.end + 2),
      year.end - day.end == 6, (1100...2099).contains(year.value), text.endsToken(at: year.end)
    else { return RewriteMatch(end: day.end, words: spoken) }
    return RewriteMatch(end: year.end, words: spoken + ", " + YearRule.spoken(year.value, words: words))
  }

  /// `3 May 2024`, `4 Feb`: `the third of May`.
  private func dayBeforeMonth(_ text: Scalars, _ position: Int) -> RewriteMatch? {
    guard let day = text.number(at: position), (1...31).contains(day.value), day.end - position <= 2,
      text.at(day.end) == " "
    else { return nil }
    var end = text.wordEnd(from: day.end + 1)
    let word = String(text[(day.end + 1)..<end])
    guard word.count >= 3, word.first?.isUppercase == true,
      let month = words.months.first(where: {
        $0 == word || $0.prefix(3) == word || word == "Sept" && $0 == "September"
      })
    else { return nil }
    if word.count <= 4, word != month, text.at(end) == ".", text.at(end + 1) == " " { end += 1 }
    let before = text.lowerWord(endingAt: text.lastNonSpace(before: position) + 1)
    var spoken = (before == "the" ? "" : "the ") + words.ordinal(day.value) + " of " + month
    let next = text.at(end) == "," ? end + 2 : end + 1
    if let year = text.number(at: next), year.end - next == 4, (1100...2099).contains(year.value),
      text.endsToken(at: year.end),
      text.at(next - 1) == " "
    {
      spoken += (text.at(end) == "," ? ", " : " ") + YearRule.spoken(year.value, words: words)
      end = year.end
    }
    return RewriteMatch(end: end, words: spoken)
  }

  private func isMonth(_ text: Scalars, before position: Int) -> Bool {
    let end = text.lastNonSpace(before: position)
    guard end >= 0, end < position - 1 else { return false }
    let isShort = text[end] == "."
    let word = text.lowerWord(endingAt: isShort ? end : end + 1)
    // `In May 3 people came.`
    let start = (isShort ? end : end + 1) - word.unicodeScalars.count
    if text.lowerWord(endingAt: text.lastNonSpace(before: start) + 1) == "in" { return false }
    return words.months.contains { month in
      let month = month.lowercased()
      return isShort ? word.count >= 3 && month.hasPrefix(word) : month == word
    }
  }
}
