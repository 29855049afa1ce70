import SpeechCore

/// The words of SSML's `say-as`.
struct SayAsWords {
  private let speaker: ValueSpeaker

  init(_ language: Language) {
    speaker = ValueSpeaker(language: language, numbers: LanguageCleaners.rules[language]?.numbers)
  }

  /// nil where the text is read best as it is written, or is not what the kind says.
  func words(_ kind: SpeechScript.SayAs, format: String?, _ content: Scalars) -> String? {
    let text = content.stripped()
    guard !text.isEmpty, text.count <= 200 else { return nil }
    if kind == .characters { return characters(text) }
    guard speaker.language.isPublished else { return nil }
    switch kind {
    case .characters, .currency: return nil
    case .cardinal: return number(text).map(speaker.inWords)
    case .ordinal: return number(Scalars(text.prefix(while: \.isASCIIDigit))).flatMap(ordinal)
    case .digits:
      let digits = text.filter(\.isASCIIDigit)
      return digits.isEmpty ? nil : digits.map(speaker.digit).joined(separator: " ")
    case .telephone:
      let groups = groups(text)
      return groups.isEmpty ? nil : spoken(.digits(groups, isInternational: text[0] == "+"), text)
    case .date: return date(format?.lowercased() ?? "", text)
    case .time: return time(text)
    }
  }

  private func spoken(_ kind: WrittenValue.Kind, _ text: Scalars) -> String? {
    speaker.words(for: WrittenValue(kind: kind, range: 0..<text.count), in: text)
  }

  /// One after the other, with blanks between: `h t m l`.
  private func characters(_ text: Scalars) -> String {
    String(text).lowercased().filter { !$0.isWhitespace }.map { character in
      guard let scalar = character.unicodeScalars.first, scalar.isASCIIDigit, speaker.language.isPublished else {
        return String(character)
      }
      return speaker.digit(scalar)
    }.joined(separator: " ")
  }

  private func number(_ text: Scalars) -> WrittenNumber? {
    guard let (number, end) = WrittenNumber.read(text, at: 0, language: speaker.language), end == text.count,
      number.fraction.isEmpty, number.whole.count <= 18
    else { return nil }
    return number
  }

  private func ordinal(_ number: WrittenNumber) -> String? {
    guard ![.chinese, .japanese].contains(speaker.language) else { return "第" + speaker.inWords(number) }
    return speaker.numbers?.ordinal(DecimalInteger(number.whole))
  }

  /// The runs of digits.
  private func groups(_ text: Scalars) -> [Scalars] {
    text.split { !$0.isASCIIDigit }.map { Scalars($0) }
  }

  /// `format` has the letters y, m and d in the order of the numbers.
  private func date(_ format: String, _ text: Scalars) -> String? {
    var parts = groups(text)
    if format.isEmpty || format == "yyyymmdd", parts.count == 1, parts[0].count == 8 {
      parts = [Scalars(parts[0][0..<4]), Scalars(parts[0][4..<6]), Scalars(parts[0][6...])]
    }
    let order = format == "yyyymmdd" || format.isEmpty && parts.first?.count == 4 ? "ymd" : format
    let values = parts.map { DecimalInteger($0).last(4) }
    guard order.count == parts.count, parts.allSatisfy({ $0.count <= 4 }) else { return nil }
    let found = Dictionary(zip(order, values)) { first, _ in first }
    switch (found["y"].map { $0 < 100 ? 2000 + $0 : $0 }, found["m"], found["d"]) {
    case (let year?, let month?, let day?):
      return CalendarDate(year: year, month: month, day: day).flatMap { spoken(.date($0), text) }
    case (nil, let month?, let day?):
      guard CalendarDate(year: 2000, month: month, day: day) != nil else { return nil }
      return spoken(.monthDay(month: month, day: day), text)
    case (let year?, nil, nil): return spoken(.year(year), text)
    default: return nil
    }
  }

  private func time(_ text: Scalars) -> String? {
    var parts = groups(text)
    if parts.count == 1, parts[0].count == 3 || parts[0].count == 4 {
      parts = [Scalars(parts[0].dropLast(2)), Scalars(parts[0].suffix(2))]
    }
    guard (1...3).contains(parts.count), parts.allSatisfy({ $0.count <= 2 }) else { return nil }
    let values = parts.map { DecimalInteger($0).last(2) }
    let letters = String(text).lowercased().filter(\.isLetter)
    let half = letters == "pm" || letters == "p" ? " p m" : letters == "am" || letters == "a" ? " a m" : ""
    var hours = values[0]
    guard hours <= 24, values.dropFirst().allSatisfy({ $0 < 60 }), letters.isEmpty || !half.isEmpty else { return nil }
    if half == " p m", hours < 12, speaker.language != .english { hours += 12 }
    return spoken(
      .time(
        hours: hours, minutes: values.count > 1 ? values[1] : 0, seconds: values.count > 2 ? values[2] : nil,
        half: speaker.language == .english ? half : ""), text)
  }
}
