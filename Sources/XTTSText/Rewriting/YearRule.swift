/// Years after a word that says so (`in 1999`, `seit 1848`): English and German read them in two halves. The other
/// languages read years as they read numbers.
struct YearRule: RewriteRule {
  let words: SpokenWords

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    guard !words.yearWords.isEmpty, let year = text.number(at: position), year.end - position == 4,
      (1100...2099).contains(year.value), text.endsToken(at: year.end), followsYearWord(text, position),
      endsYear(text, year.end)
    else { return nil }
    let spoken = Self.spoken(year.value, words: words)
    return spoken == String(year.value) ? nil : RewriteMatch(end: year.end, words: spoken)
  }

  private func followsYearWord(_ text: Scalars, _ position: Int) -> Bool {
    var end = position
    while let space = text.at(end - 1), space == " " || space == "," { end -= 1 }
    guard end < position else { return false }
    var start = end
    while let letter = text.at(start - 1), letter.isWord { start -= 1 }
    return words.yearWords.contains(String(Scalars(text[start..<end]).lowercased()))
  }

  /// A noun after the number makes it a count: `in 1500 houses`.
  private func endsYear(_ text: Scalars, _ end: Int) -> Bool {
    guard text.at(end) == " ", let next = text.at(end + 1) else { return true }
    guard next.isWord else { return true }
    let word = String(Scalars(text[(end + 1)..<text.wordEnd(from: end + 1)]).lowercased())
    return Self.wordsAfterYears.contains(word)
  }

  private static let wordsAfterYears: Set<String> = [
    "and", "or", "to", "until", "when", "was", "were", "the", "a", "an", "he", "she", "it", "they", "we", "i", "at",
    "as",
    "with", "for", "but", "by", "in", "on", "there", "und", "oder", "bis", "als", "war", "waren", "wurde", "wurden",
    "der", "die", "das", "ein", "eine", "er", "sie", "es", "wir", "ich", "mit", "für", "aber", "gab", "hat", "ist",
  ]

  static func spoken(_ year: Int, words: SpokenWords) -> String {
    YearWords.spoken(year, words.language, words.numbers)
  }
}
