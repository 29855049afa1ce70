/// `2024-05-03`, `3/5/2024`, `03.05.2024` in the words of the language.
struct DateRule: RewriteRule {
  let words: SpokenWords

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    guard let first = text.number(at: position), let mark = text.at(first.end), "-/.".unicodeScalars.contains(mark),
      let second = text.number(at: first.end + 1), text.at(second.end) == mark,
      let third = text.number(at: second.end + 1), text.endsToken(at: third.end)
    else { return nil }
    let lengths = (first.end - position, second.end - first.end - 1, third.end - second.end - 1)
    guard lengths.1 <= 2 else { return nil }
    let date: CalendarDate?
    if lengths.0 == 4, lengths.2 <= 2 {
      date = CalendarDate(year: first.value, month: second.value, day: third.value)
    } else if lengths.0 <= 2, lengths.2 == 4 {
      let isMonthFirst = words.monthFirst && mark == "/" && first.value <= 12
      date =
        isMonthFirst
        ? CalendarDate(year: third.value, month: first.value, day: second.value)
        : CalendarDate(year: third.value, month: second.value, day: first.value)
    } else {
      date = nil
    }
    guard let date else { return nil }
    return RewriteMatch(end: third.end, words: spoken(date, after: wordBefore(text, position)))
  }

  private func wordBefore(_ text: Scalars, _ position: Int) -> String {
    let end = text.at(position - 1) == " " ? position - 1 : position
    var start = end
    while let letter = text.at(start - 1), letter.isWord, end - start < 16 { start -= 1 }
    return String(Scalars(text[start..<end]).lowercased())
  }

  private func spoken(_ date: CalendarDate, after word: String) -> String {
    words.datePattern
      .replacing("#", with: day(date.day, after: word))
      .replacing("@", with: words.months[date.month - 1])
      .replacing("%", with: YearRule.spoken(date.year, words: words))
  }
}

extension DateRule {
  fileprivate func day(_ day: Int, after word: String) -> String {
    switch words.language {
    case .english: return words.ordinal(day)
    case .german:
      // `am dritten Mai`, `der dritte Mai`, `dritter Mai`.
      let ending =
        switch word {
        case "am", "vom", "zum", "dem", "den", "des", "beim": "n"
        case "der", "das", "die": ""
        default: "r"
        }
      return words.ordinal(day) + ending
    default: return day == 1 ? words.firstOfMonth ?? "1" : String(day)
    }
  }
}

/// A day that exists.
struct CalendarDate: Equatable {
  var year: Int
  var month: Int
  var day: Int

  init?(year: Int, month: Int, day: Int) {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1000...2999).contains(year), (1...12).contains(month), day >= 1, day <= lengths[month - 1] else {
      return nil
    }
    self.year = year
    self.month = month
    self.day = day
  }
}
