import SpeechCore

/// `12:30`, `9:05 pm`, `14h30`, `08:00 Uhr`.
struct TimeRule: RewriteRule {
  let words: SpokenWords

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    fullHour(text, at: position) ?? clock(text, at: position)
  }

  /// `9am`, `6 p.m.`
  private func fullHour(_ text: Scalars, at position: Int) -> RewriteMatch? {
    guard let hours = text.number(at: position), (1...12).contains(hours.value) else { return nil }
    var end = hours.end
    let half = dayHalf(text, &end)
    return half.isEmpty ? nil : RewriteMatch(end: end, words: words.cardinal(hours.value) + half)
  }

  private func clock(_ text: Scalars, at position: Int) -> RewriteMatch? {
    guard let hours = text.number(at: position), hours.end - position <= 2, hours.value <= 24,
      let mark = text.at(hours.end),
      mark == ":" || isPoint(text, position, hours.end) || (mark == "h" && words.language != .english),
      let minutes = text.number(at: hours.end + 1), minutes.end - hours.end == 3, minutes.value < 60
    else { return nil }
    var end = minutes.end
    var seconds: Int?
    if text.at(end) == ":", let more = text.number(at: end + 1), more.end - end == 3, more.value < 60 {
      seconds = more.value
      end = more.end
    }
    guard text.endsToken(at: end) || text.at(end) == "h" || isRange(text, end) || hasDayHalf(text, end) else {
      return nil
    }
    end = hourWordEnd(text, from: end)
    let half = dayHalf(text, &end)
    return RewriteMatch(end: end, words: spoken(hours.value, minutes.value, seconds) + half)
  }

  /// `9.15 Uhr`, `alle 9.15`.
  private func isPoint(_ text: Scalars, _ position: Int, _ mark: Int) -> Bool {
    guard text.at(mark) == "." else { return false }
    switch words.language {
    case .german: return text.matches(Scalars(" Uhr"), at: mark + 3)
    case .italian:
      return ["alle", "dalle", "ore"].contains(text.lowerWord(endingAt: text.lastNonSpace(before: position) + 1))
    case .spanish: return text.matches(Scalars(" h"), at: mark + 3)
    default: return false
    }
  }

  /// `10:00-14:00`: another time after a dash.
  private func isRange(_ text: Scalars, _ end: Int) -> Bool {
    guard let dash = text.at(end), dash == "-" || dash == "–", let next = text.number(at: end + 1) else { return false }
    return text.at(next.end) == ":" || text.at(next.end) == "h"
  }

  private func hasDayHalf(_ text: Scalars, _ end: Int) -> Bool {
    var end = end
    return !dayHalf(text, &end).isEmpty
  }

  private func hourWordEnd(_ text: Scalars, from end: Int) -> Int {
    let start = text.at(end) == " " ? end + 1 : end
    let wordEnd = text.wordEnd(from: start)
    let word = String(Scalars(text[start..<wordEnd]).lowercased())
    return words.hourWords.contains(word) ? wordEnd : end
  }

  /// `pm`, `p.m.` after an English time.
  private func dayHalf(_ text: Scalars, _ end: inout Int) -> String {
    guard words.language == .english else { return "" }
    let start = text.at(end) == " " ? end + 1 : end
    for (half, forms) in [("a m", ["a.m.", "am"]), ("p m", ["p.m.", "pm"])] {
      for form in forms.map({ Scalars($0) })
      where Scalars(text[min(start, text.count)...].prefix(form.count)).lowercased() == form
        && text.at(start + form.count)?.isWord != true
      {
        end = start + form.count
        return " " + half
      }
    }
    return ""
  }

  private func spoken(_ hours: Int, _ minutes: Int, _ seconds: Int?) -> String {
    var time: String
    if words.language == .english, minutes > 0 {
      time = words.cardinal(hours) + (minutes < 10 ? " oh " : " ") + words.cardinal(minutes)
    } else {
      let isPlain = words.language == .english && hours > 12
      let pattern = minutes > 0 ? words.timePattern : isPlain ? "# hundred" : words.fullHourPattern
      time = pattern.replacing("#", with: hour(hours)).replacing("%", with: words.cardinal(minutes))
      if words.language == .french, hours < 2 { time = time.replacing("heures", with: "heure") }
    }
    if let seconds { time += ", " + words.cardinal(seconds) + " " + (Self.seconds[words.language] ?? "") }
    return time
  }

  private static let seconds: [Language: String] = [
    .english: "seconds", .german: "Sekunden", .french: "secondes", .spanish: "segundos", .italian: "secondi",
    .portuguese: "segundos",
  ]

  private func hour(_ hours: Int) -> String {
    switch (words.language, hours) {
    case (.german, 1): "ein"
    case (.french, 1): "une"
    case (.spanish, 1), (.italian, 1): "una"
    case (.portuguese, 1): "uma"
    case (.portuguese, 2): "duas"
    case (.portuguese, 21): "vinte e uma"
    case (.portuguese, 22): "vinte e duas"
    case (.spanish, 21): "veintiuna"
    case (.french, 21): "vingt et une"
    default: words.cardinal(hours)
    }
  }
}
