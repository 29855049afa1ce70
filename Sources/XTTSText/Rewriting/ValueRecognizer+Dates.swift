import SpeechCore

/// Dates in digits and days of a month.
extension ValueRecognizer {
  /// `2024-05-03`, `3/5/2024`, `03.05.2024`, `3. 5. 2024`, `31.12.23`.
  func date(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let first = text.number(at: position), let mark = text.at(first.end), "-/.".unicodeScalars.contains(mark),
      let second = text.number(at: afterMark(text, first.end)), second.end - first.end <= 4,
      text.at(second.end) == mark, let third = text.number(at: afterMark(text, second.end)),
      text.endsToken(at: third.end)
    else { return nil }
    let lengths = (first.end - position, third.end - afterMark(text, second.end))
    let isYearFirst = lengths.0 == 4 && lengths.1 <= 2
    let isShort = lengths == (2, 2) && mark != "-" && second.end - first.end == 3
    let yearsLast: Set<Language> = [.chinese, .japanese, .korean, .hungarian]
    guard isYearFirst || !yearsLast.contains(language) && lengths.0 <= 2 && (lengths.1 == 4 || isShort) else {
      return nil
    }
    let isMonthFirst = language == .english && mark == "/" && first.value <= 12
    let date =
      isYearFirst
      ? CalendarDate(year: first.value, month: second.value, day: third.value)
      : CalendarDate(
        year: isShort ? third.value + (third.value < 70 ? 2000 : 1900) : third.value,
        month: isMonthFirst ? first.value : second.value, day: isMonthFirst ? second.value : first.value)
    guard let date else { return nil }
    // `15.08.2023 г.`: the words of the date have the word already.
    var end = third.end
    for word in [" г.", " r.", " года", " roku"] where language == .russian || language == .polish {
      if text.matches(Scalars(word), at: end) { end += word.unicodeScalars.count }
    }
    return WrittenValue(kind: .date(date), range: position..<end)
  }

  /// `3.–5. května`, `3-5 мая` in the languages that say ordinals.
  func days(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard DateWords.saysRangesOfDays.contains(language), let first = text.number(at: position),
      (1...31).contains(first.value)
    else { return nil }
    let dash = text.end(from: first.end, limit: 2) { $0 == "." || $0 == " " }
    guard let mark = text.at(dash), mark == "-" || mark == "–",
      let second = text.number(at: text.end(from: dash + 1, limit: 1) { $0 == " " }), second.value > first.value,
      second.value < 32
    else { return nil }
    let end = text.at(second.end) == "." ? second.end + 1 : second.end
    guard text.at(end) == " ",
      DateWords.months(language).contains(where: { $0.lowercased() == text.word(at: end + 1).lowercased() })
    else { return nil }
    return WrittenValue(kind: .days(first.value, second.value), range: position..<end)
  }

  /// `3. 5. 2024` has spaces after its points.
  private func afterMark(_ text: Scalars, _ mark: Int) -> Int {
    text.at(mark) == "." && text.at(mark + 1) == " " ? mark + 2 : mark + 1
  }

  /// `8/15` where the month comes first; `03.10.` in German and Czech; `le 14/07`.
  func monthDay(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let first = text.number(at: position), let mark = text.at(first.end), first.end - position <= 2,
      mark == "." || mark == "/"
    else { return nil }
    let start = afterMark(text, first.end)
    guard let second = text.number(at: start), second.end - start <= 2 else { return nil }
    let hasZeros = text[start] == "0" || text[position] == "0"
    switch language {
    case .chinese, .japanese, .korean:
      guard mark == "/", (1...12).contains(first.value), (1...31).contains(second.value),
        second.value > 12 || first.value >= second.value, text.endsToken(at: second.end)
      else { return nil }
      return WrittenValue(kind: .monthDay(month: first.value, day: second.value), range: position..<second.end)
    default: break
    }
    guard (1...12).contains(second.value), (1...31).contains(first.value), text.endsToken(at: second.end) else {
      return nil
    }
    let hasPoint = mark == "." && text.at(second.end) == "."
    let isLong = first.end - position == 2 && second.end - start == 2
    let isDate: Bool
    switch (mark, language) {
    case (".", .german), (".", .czech):
      isDate = hasPoint || text[start] == "0" && isLong && text[position] < "4" && text.at(second.end) != "%"
    case (".", .russian), (".", .polish), (".", .turkish):
      isDate =
        text[start] == "0" && isLong && text.at(second.end) != "%"
        || isLong && Self.dateWords.contains(text.word(before: position))
    case ("/", .english): isDate = false
    case ("/", _): isDate = isLong && hasZeros || Self.dateWords.contains(text.word(before: position))
    default: isDate = false
    }
    guard isDate else { return nil }
    let takesPoint = hasPoint && [.german, .czech].contains(language)
    return WrittenValue(
      kind: .monthDay(month: second.value, day: first.value),
      range: position..<(takesPoint ? second.end + 1 : second.end))
  }

  /// Words before a day and a month in digits.
  private static let dateWords: Set<String> = [
    "le", "du", "au", "el", "del", "día", "il", "dal", "al", "giorno", "dia", "em", "até", "op", "dnia", "dniu", "am",
    "vom", "zum", "يوم", "दिनांक", "تاريخ", "до", "с", "тарих", "günü",
  ]

  /// `May 3, 1985`, `July 4th`, `3 May 2024` in English: the day is an ordinal.
  func englishDay(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard language == .english, let day = text.number(at: position), (1...31).contains(day.value),
      day.end - position <= 2
    else { return nil }
    let suffixes: [Scalars] = [["s", "t"], ["n", "d"], ["r", "d"], ["t", "h"]]
    let dayEnd = suffixes.contains { text.matches($0, at: day.end) } ? day.end + 2 : day.end
    if text.endsToken(at: dayEnd), isMonth(text, before: position) {
      guard text.at(dayEnd) == ",", let year = year(text, at: dayEnd + 2), text.at(dayEnd + 1) == " " else {
        return WrittenValue(kind: .day(day.value, month: nil, year: nil), range: position..<dayEnd)
      }
      return WrittenValue(kind: .day(day.value, month: nil, year: year.value), range: position..<year.end)
    }
    guard text.at(dayEnd) == " " else { return nil }
    var end = text.wordEnd(from: dayEnd + 1)
    let word = String(text[(dayEnd + 1)..<end])
    guard word.count >= 3, word.first?.isUppercase == true,
      let month = DateWords.months(.english).firstIndex(where: {
        $0 == word || $0.prefix(3) == word || word == "Sept" && $0 == "September"
      })
    else { return nil }
    if word.count <= 4, text.at(end) == ".", text.at(end + 1) == " " { end += 1 }
    let next = text.at(end) == "," ? end + 2 : end + 1
    let year = text.at(next - 1) == " " ? year(text, at: next) : nil
    return WrittenValue(
      kind: .day(day.value, month: month + 1, year: year?.value), range: position..<(year?.end ?? end))
  }

  private func year(_ text: Scalars, at start: Int) -> (end: Int, value: Int)? {
    guard let year = text.number(at: start), year.end - start == 4, (1100...2099).contains(year.value),
      text.endsToken(at: year.end)
    else { return nil }
    return year
  }

  private func isMonth(_ text: Scalars, before position: Int) -> Bool {
    let end = text.lastNonSpace(before: position)
    guard end >= 0, end < position - 1 else { return false }
    let isShort = text[end] == "."
    let word = text.lowerWord(endingAt: isShort ? end : end + 1)
    // `In May 3 people came.`
    let start = (isShort ? end : end + 1) - word.unicodeScalars.count
    if text.word(before: start) == "in" { return false }
    return DateWords.months(.english).contains { month in
      let month = month.lowercased()
      return month == word || word.count >= 3 && month.hasPrefix(word) && (isShort || word.count == 3 && word != "mar")
    }
  }
}
