import SpeechCore

/// Ordinals in digits.
extension ValueRecognizer {
  /// `2-м этаже`, `w 1939 roku`, `17. srpna`, `im 2. Stock`.
  func ordinal(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let context = OrdinalContext.table[language], let number = text.number(at: position), number.value > 0,
      number.end - position <= 4, text[position] != "0" || number.value < 32
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
    if let compound = compound(text, position, number) { return compound }
    if language == .hungarian, let part = hungarianDate(text, position, number.end) { return part }
    if context.isSuffixOnly { return nil }
    let hasPoint = text.at(number.end) == "."
    let end = hasPoint ? number.end + 1 : number.end
    guard hasPoint || !context.needsPoint, hasPoint || text.at(position - 1) == " " || position == 0,
      text.at(end) == " "
    else {
      return nil
    }
    let before = text.lowerWord(endingAt: text.lastNonSpace(before: position) + 1)
    let next = String(Scalars(text[(end + 1)..<text.wordEnd(from: end + 1)]))
    // `5 г.` are grams, `2019 г.` is a year.
    if next == "г", number.end - position < 4 { return nil }
    if let form = context.after[next] {
      // `der 3. Mai` is said as upstream does.
      if language == .german, ["", "der", "die", "das"].contains(before) { return nil }
      let isYearWord = ["roku", "r", "г", "wieku"].contains(next)
      if next == "wieku", before == "w" { return value(.locative, end: end) }
      return value(isYearWord && before != "w" && before != "в" ? .genitive : form, end: end)
    }
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
      if next.hasSuffix("e") && language == .polish || next.hasSuffix("o") { return value(.neuter, end: end) }
      return value(next.hasSuffix("a") ? .nominativeFeminine : .nominative, end: end)
    }
    guard hasPoint, let form = context.before[before], !next.isEmpty,
      // After a full stop that ends a sentence comes a capital.
      language == .german
        ? before == "am" || next.first?.isUppercase == true && !FinalNumberRule.startsSentence(next, language)
          || next == "bis"
        : next.first?.isLowercase == true
    else { return nil }
    return value(form, end: end)
  }

  /// `2024. május 3.`: the year is a plain number, the day has its own form.
  private func hungarianDate(_ text: Scalars, _ position: Int, _ end: Int) -> WrittenValue? {
    guard text.at(end) == ".", let number = text.number(at: position) else { return nil }
    let months = PlainDateRule.hungarianMonths
    if end - position == 4, text.at(end + 1) == " " {
      let next = String(Scalars(text[(end + 2)..<text.wordEnd(from: end + 2)]))
      return months.contains(next.lowercased())
        ? WrittenValue(kind: .year(number.value), range: position..<(end + 1)) : nil
    }
    let before = text.lowerWord(endingAt: text.lastNonSpace(before: position) + 1)
    guard (1...31).contains(number.value), months.contains(before) else { return nil }
    let written = WrittenNumber(whole: Scalars(text[position..<end]))
    return WrittenValue(kind: .ordinal(written, .nominativePlural), range: position..<(end + 1))
  }

  /// `5-летний`, `5-letni`: the count in one word with the adjective.
  private func compound(_ text: Scalars, _ position: Int, _ number: (end: Int, value: Int)) -> WrittenValue? {
    guard language == .russian || language == .polish, text.at(number.end) == "-", number.value < 1000 else {
      return nil
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
