import SpeechCore

/// Clock times.
extension ValueRecognizer {
  /// `12:30`, `9:05 pm`, `14h30`, `08:00 Uhr`, `9.15 uur`, `23:59:59`, `9am`.
  func clock(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let words = ClockWords.table[language], let hours = text.number(at: position), hours.end - position <= 2,
      hours.value <= 24
    else { return nil }
    func value(_ minutes: Int, _ seconds: Int?, _ half: String, end: Int) -> WrittenValue {
      WrittenValue(
        kind: .time(hours: hours.value, minutes: minutes, seconds: seconds, half: half), range: position..<end)
    }
    if let half = dayHalf(text, hours.end), (1...12).contains(hours.value) {
      return value(0, nil, half.words, end: half.end)
    }
    guard let minuteStart = minuteStart(text, position, hours.end, words), let minutes = text.number(at: minuteStart),
      minutes.end - minuteStart == 2, minutes.value < 60
    else { return nil }
    var end = minutes.end
    var seconds: Int?
    if text.at(end) == ":", text.at(hours.end) == ":" {
      guard let more = text.number(at: end + 1), more.end - end == 3, more.value < 60 else { return nil }
      (seconds, end) = (more.value, more.end)
    }
    let half = dayHalf(text, end)
    guard
      text.endsToken(at: end) || text.at(end) == "h" || isTime(text, afterDash: end) || half != nil
        || isPointTime(text, afterDash: end)
    else {
      return nil
    }
    let wordStart = text.at(end) == " " ? end + 1 : end
    let word = text.word(at: wordStart)
    if words.after.contains(word.lowercased()) { end = wordStart + word.unicodeScalars.count }
    return value(minutes.value, seconds, half?.words ?? "", end: half?.end ?? end)
  }

  /// The position of the minutes: after a colon, after `h`, or after a full stop where a word or another time says that
  /// it is a time.
  private func minuteStart(_ text: Scalars, _ position: Int, _ mark: Int, _ words: ClockWords.Patterns) -> Int? {
    let hasLetter = words.after.contains("h") && language != .english
    switch text.at(mark) {
    case ":", "：": return mark + 1
    case "h" where hasLetter: return text.at(mark + 1) == " " ? mark + 2 : mark + 1
    case " " where hasLetter && language == .french && text.matches(["h", " "], at: mark + 1): return mark + 3
    case ".":
      let end = text.end(from: mark + 1, limit: 3, while: \.isASCIIDigit)
      let word = text.word(at: text.at(end) == " " ? end + 1 : end).lowercased()
      let before = text.lowerWord(
        endingAt: (text.at(text.lastNonSpace(before: position)) == "." ? -1 : 0)
          + text.lastNonSpace(before: position) + 1)
      let hasSuffix: Bool =
        switch language {
        case .turkish: text.at(end) == "'" || text.at(end) == "’"
        case .hungarian: text.matches(Scalars("-kor"), at: end)
        default: false
        }
      let isTime =
        words.after.contains(word) && !word.isEmpty || words.before.contains(before) || hasSuffix
        || [.turkish, .dutch, .polish, .czech, .italian, .german].contains(language)
          && (isPointTime(text, afterDash: end)
            || text.at(position - 1).map { $0 == "-" || $0 == "–" } == true
              && text.at(position - 4) == "." && text.at(position - 2)?.isASCIIDigit == true)
      return isTime && text.at(end) != "%" ? mark + 1 : nil
    default: return nil
    }
  }

  /// `10:00-14:00`: another time after a dash.
  private func isTime(_ text: Scalars, afterDash dash: Int) -> Bool {
    guard let mark = text.at(dash), "-–~〜～".unicodeScalars.contains(mark), let next = text.number(at: dash + 1) else {
      return false
    }
    return text.at(next.end) == ":" || text.at(next.end) == "h"
  }

  /// `09.00-18.00`
  private func isPointTime(_ text: Scalars, afterDash dash: Int) -> Bool {
    guard let mark = text.at(dash), mark == "-" || mark == "–", let hours = text.number(at: dash + 1),
      hours.end - dash <= 3, hours.value <= 24, text.at(hours.end) == ".", let minutes = text.number(at: hours.end + 1)
    else { return false }
    return minutes.end - hours.end == 3 && minutes.value < 60
  }

  /// `pm`, `p.m.` after an English time.
  private func dayHalf(_ text: Scalars, _ end: Int) -> (words: String, end: Int)? {
    guard language == .english else { return nil }
    let start = text.at(end) == " " ? end + 1 : end
    for (half, forms) in [(" a m", ["a.m.", "am"]), (" p m", ["p.m.", "pm"])] {
      for form in forms.map({ Scalars($0) })
      where Scalars(text[min(start, text.count)...].prefix(form.count)).lowercased() == form
        && text.at(start + form.count)?.isWord != true
      {
        return (half, start + form.count)
      }
    }
    return nil
  }

  /// `24h/24`, `7 j/7` in French.
  func roundTheClock(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard language == .french, let number = text.number(at: position) else { return nil }
    let start = text.at(number.end) == " " ? number.end + 1 : number.end
    guard let letter = text.at(start), letter == "h" || letter == "j", text.at(start + 1) == "/",
      let total = text.number(at: start + 2), text.endsToken(at: total.end)
    else { return nil }
    let noun = letter == "h" ? "heures" : "jours"
    return WrittenValue(kind: .abbreviation("\(number.value) \(noun) sur \(total.value)"), range: position..<total.end)
  }
}
