import SpeechCore

/// Ordinals in digits.
extension ValueRecognizer {
  /// `2-м этаже`, `w 1939 roku`, `17. srpna`, `im 2. Stock`.
  func ordinal(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let context = OrdinalContext.table[language], let number = text.number(at: position), number.value > 0,
      number.end - position <= 4, text[position] != "0" || number.value < 32,
      !FinalNumberRule.isListNumber(text, position, number.end)
    else { return nil }
    let written = WrittenNumber(whole: Scalars(text[position..<number.end]))
    func value(_ form: OrdinalForm, end: Int) -> WrittenValue {
      WrittenValue(kind: .ordinal(written, form), range: position..<end)
    }
    for (suffix, form) in context.suffixes where text.matches(suffix, at: number.end) {
      let end = number.end + suffix.count
      if text.at(end)?.isWord != true, text.at(end)?.isMark != true {
        // `90-е годы`
        return value(form == .neuter && text.matches(Scalars(" год"), at: end) ? .nominativePlural : form, end: end)
      }
    }
    if let value = romance(text, position, number) { return value }
    if let compound = compound(text, position, number) { return compound }
    if language == .hungarian, let part = hungarianDate(text, position, number.end) { return part }
    if context.isSuffixOnly { return nil }
    let before = text.word(before: position)
    if language == .polish, let hour = polishHour(text, position, number, before) { return hour }
    if let year = yearAfterWord(text, position, number, before) { return year }
    let hasPoint = text.at(number.end) == "."
    let end = hasPoint ? number.end + 1 : number.end
    // `w latach 90.` at the end of a sentence.
    if hasPoint, language == .polish, before.hasPrefix("lat"), let form = context.before[before] {
      return value(
        form, end: text.at(end) == " " && text.at(end + 1)?.properties.isLowercase == true ? end : number.end)
    }
    guard hasPoint || !context.needsPoint, hasPoint || text.at(position - 1) == " " || position == 0,
      text.at(end) == " " || language == .arabic && text.at(end)?.isWord != true
    else { return nil }
    let next = text.word(at: end + 1)
    // `5 г.` are grams, `2019 г.` is a year.
    if next == "г", number.end - position < 4 { return nil }
    if let form = context.after[next] {
      // `der 3. Mai` is said as upstream does.
      if language == .german { return value(form, end: end).adjective(noun: next) }
      let isYearWord = ["roku", "r", "г", "году", "wieku"].contains(next)
      if next == "wieku", before == "w" { return value(.locative, end: end) }
      if next == "году", before == "к" || before == "по" { return value(.dative, end: end) }
      return value(isYearWord && next != "году" && before != "w" && before != "в" ? .genitive : form, end: end)
    }
    if let form = rangeOfDays(text, end, next, before, context) { return value(form, end: end) }
    // `с 1894 по 1917 год`
    if language == .russian, next == "по", before == "с", number.end - position == 4 {
      return value(.genitive, end: end)
    }
    if language == .arabic {
      let noun = before.hasPrefix("و") ? String(before.dropFirst()) : before
      return context.before[noun].map { value($0, end: number.end) }
    }
    // `1. miejsce`, `2. kapitola`
    if hasPoint, language == .polish || language == .czech, context.before[before] == nil,
      next.first?.isLowercase == true, number.end - position <= 2
    {
      return value(NumeralAgreement(language: language).ordinalForm(next), end: end)
    }
    if hasPoint, language == .german, next.first?.isUppercase == true, number.value < 1000,
      !FinalNumberRule.startsSentence(next, language)
    {
      return value(.nominative, end: end).adjective(noun: next)
    }
    guard hasPoint, let form = context.before[before], !next.isEmpty,
      language == .german ? before == "am" || next == "bis" : next.first?.isLowercase == true
    else { return nil }
    return value(form, end: end)
  }

  /// `3a classe`, `1 gennaio`.
  private func romance(_ text: Scalars, _ position: Int, _ number: (end: Int, value: Int)) -> WrittenValue? {
    let written = WrittenNumber(whole: Scalars(text[position..<number.end]))
    if [.italian, .french].contains(language), number.value == 1, text.at(number.end) == " ",
      DateWords.months(language).contains(text.word(at: number.end + 1).lowercased())
    {
      return WrittenValue(kind: .ordinal(written, .nominative), range: position..<number.end)
    }
    guard [.italian, .spanish, .portuguese].contains(language), text.at(number.end) == "a",
      text.at(number.end + 1) == " ", text.at(number.end + 2)?.properties.isLowercase == true,
      text.word(at: number.end + 2).count > 3
    else { return nil }
    return WrittenValue(kind: .ordinal(written, .nominativeFeminine), range: position..<(number.end + 1))
  }

  /// `o godz. 15`, `o 8 rano`
  private func polishHour(
    _ text: Scalars, _ position: Int, _ number: (end: Int, value: Int), _ before: String
  ) -> WrittenValue? {
    let last = text.lastNonSpace(before: position)
    let isAbbreviated = last >= 4 && text[last] == "." && text.lowerWord(endingAt: last) == "godz"
    let next = text.at(number.end) == " " ? text.word(at: number.end + 1) : ""
    let isHour =
      isAbbreviated || ["godzinie", "godziny", "godzina", "godziną"].contains(before)
      || before == "o" && ["", "rano", "wieczorem", "po", "w", "i"].contains(next)
    guard isHour, number.value <= 24, text.endsToken(at: number.end), text.at(number.end) != "-" else { return nil }
    return WrittenValue(
      kind: .ordinal(
        WrittenNumber(whole: Scalars(text[position..<number.end])),
        before == "godzina" || isAbbreviated && !follows(text, last - 4) ? .nominativeFeminine : .feminine),
      range: position..<number.end)
  }

  private func follows(_ text: Scalars, _ start: Int) -> Bool {
    ["o", "od", "do", "po", "przed", "około", "w"].contains(text.word(before: start))
  }

  /// `w roku 1989`, `od 1939 do 1945`, `с 1939 до 1945`: years without the word after them.
  private func yearAfterWord(
    _ text: Scalars, _ position: Int, _ number: (end: Int, value: Int), _ before: String
  ) -> WrittenValue? {
    guard language == .polish || language == .russian, number.end - position == 4, (1100...2099).contains(number.value),
      text.endsToken(at: number.end)
    else { return nil }
    let next = text.at(number.end) == " " ? text.word(at: number.end + 1) : ""
    let isLast = next.isEmpty || ["i", "do", "до", "по", "и", "był", "r"].contains(next)
    let form: OrdinalForm? =
      switch before {
      case "roku", "году":
        text.word(before: position - before.count - 1).first.map { "wв".contains($0) } == true ? .locative : .genitive
      case "od", "do", "до",
        "с" where isLast && next != "r":
        .genitive
      default: nil
      }
    return form.map {
      WrittenValue(
        kind: .ordinal(WrittenNumber(whole: Scalars(text[position..<number.end])), $0), range: position..<number.end)
    }
  }

  /// `od 5 do 10 czerwca`, `od 5. do 10. června`, `с 5 по 10 мая`: the month follows the second day.
  private func rangeOfDays(
    _ text: Scalars, _ end: Int, _ next: String, _ before: String, _ context: OrdinalContext
  ) -> OrdinalForm? {
    guard language != .german, ["od", "с", "z"].contains(before), ["do", "по", "до"].contains(next) else { return nil }
    let start = end + next.unicodeScalars.count + 2
    guard let second = text.number(at: start), second.value < 32 else { return nil }
    let month = text.word(at: (text.at(second.end) == "." ? second.end + 1 : second.end) + 1)
    return context.after[month] == .genitive && month.count > 2 ? .genitive : nil
  }

  /// `2024. május 3.`: the year is a plain number, the day has its own form.
  private func hungarianDate(_ text: Scalars, _ position: Int, _ end: Int) -> WrittenValue? {
    guard text.at(end) == ".", let number = text.number(at: position) else { return nil }
    let months = DateWords.months(.hungarian)
    if end - position == 4, text.at(end + 1) == " " {
      let next = text.word(at: end + 2)
      return months.contains(next.lowercased())
        ? WrittenValue(kind: .year(number.value), range: position..<(end + 1)) : nil
    }
    let last = text.lastNonSpace(before: position)
    let before = text.lowerWord(endingAt: last >= 0 && text[last] == "." ? last : last + 1)
    guard (1...31).contains(number.value),
      months.contains(before)
        || before.count >= 3 && text.at(last) == "."
          && months.contains(where: { $0.hasPrefix(before) })
    else { return nil }
    let written = WrittenNumber(whole: Scalars(text[position..<end]))
    return WrittenValue(kind: .ordinal(written, .nominativePlural), range: position..<(end + 1))
  }

  /// `5-летний`, `5-letni`: the count in one word with the adjective.
  private func compound(_ text: Scalars, _ position: Int, _ number: (end: Int, value: Int)) -> WrittenValue? {
    // `1-Zimmer-Wohnung`
    if language == .german, number.value == 1, text.at(number.end) == "-",
      text.at(number.end + 1)?.properties.isUppercase == true
    {
      return WrittenValue(kind: .abbreviation("ein"), range: position..<number.end)
    }
    guard language == .russian || language == .polish, text.at(number.end) == "-", number.value < 1000 else {
      return nil
    }
    // `20-ти`
    if language == .russian, text.matches(Scalars("-ти"), at: number.end), text.at(number.end + 3)?.isWord != true {
      return WrittenValue(
        kind: .abbreviation(RussianOrdinals.joined(number.value)), range: position..<(number.end + 3))
    }
    let end = text.end(from: number.end + 1) { $0.properties.isLowercase }
    guard end - number.end > 4 else { return nil }
    let count = language == .russian ? RussianOrdinals.joined(number.value) : Self.polishCounts[number.value] ?? ""
    guard !count.isEmpty else { return nil }
    return WrittenValue(kind: .abbreviation(count), range: position..<(number.end + 1))
  }

  private static let polishCounts = [
    1: "jedno", 2: "dwu", 3: "trzy", 4: "cztero", 5: "pięcio", 6: "sześcio", 7: "siedmio", 8: "ośmio", 9: "dziewięcio",
    10: "dziesięcio", 12: "dwunasto", 14: "czternasto", 15: "piętnasto", 16: "szesnasto", 18: "osiemnasto",
    20: "dwudziesto", 24: "dwudziestocztero", 30: "trzydziesto", 50: "pięćdziesięcio", 100: "stu",
  ]
}
