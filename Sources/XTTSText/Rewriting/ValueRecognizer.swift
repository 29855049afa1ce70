import SpeechCore

/// Finds typed values in a text. The language decides only on the meaning of marks.
struct ValueRecognizer: Sendable {
  let language: Language

  /// The value that starts exactly at `position`.
  func value(in text: Scalars, at position: Int) -> WrittenValue? {
    let scalar = text[position]
    if scalar.isASCIIDigit || scalar == "(" || scalar == "+" {
      if let value = phone(text, position) { return value }
    }
    if scalar.isASCIIDigit {
      return fixed(text, position) ?? version(text, position) ?? time(text, position) ?? ordinal(text, position)
        ?? year(text, position)
        ?? score(text, position)
        ?? fraction(text, position)
        ?? count(text, position) ?? quantity(text, position)
    }
    if let money = moneyAfterSign(text, position) ?? prefixedPercent(text, position) { return money }
    if scalar == "v", let version = version(text, position + 1) {
      return WrittenValue(kind: version.kind, range: position..<version.range.upperBound)
    }
    return sign(text, position) ?? letters(text, position) ?? roman(text, position) ?? abbreviation(text, position)
  }

  // MARK: Numbers with and without a unit

  private func quantity(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let (number, end) = WrittenNumber.read(text, at: position, language: language) else { return nil }
    let unitStart = text.at(end) == " " ? end + 1 : end
    if let currency = WrittenUnits.currency(text, at: unitStart, language: language), !number.isCode {
      return WrittenValue(
        kind: .money(number, currency: currency.code, isExact: currency.isExact), range: position..<currency.end)
    }
    if text.at(unitStart) == "%" || text.at(unitStart) == "٪" {
      return WrittenValue(kind: .percent(number), range: position..<(unitStart + 1))
    }
    if let unit = WrittenUnits.unit(text, at: unitStart) {
      return WrittenValue(kind: .measure(number, unit: unit.name), range: position..<unit.end)
    }
    if let (exponent, powerEnd) = exponent(text, end) {
      return WrittenValue(kind: .power(number, exponent: exponent), range: position..<powerEnd)
    }
    if number.isCode, text.endsToken(at: end) {
      return WrittenValue(kind: .digits([number.whole], isInternational: false), range: position..<end)
    }
    if let letters = digitsBeforeLetters(text, position) { return letters }
    guard end - position > number.whole.count || language == .japanese else { return nil }
    guard text.endsToken(at: end) || !number.fraction.isEmpty || language == .japanese else { return nil }
    return WrittenValue(kind: .number(number), range: position..<end)
  }

  /// `10⁶`.
  private func exponent(_ text: Scalars, _ start: Int) -> (WrittenNumber, end: Int)? {
    let raised: Scalars = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    let end = text.end(from: start) { raised.contains($0) }
    guard end > start else { return nil }
    let digits = text[start..<end].compactMap { raised.firstIndex(of: $0) }
    return (WrittenNumber(whole: Scalars(digits.map(String.init).joined())), end)
  }

  private func moneyAfterSign(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let currency = WrittenUnits.currency(text, at: position, language: language) else { return nil }
    let start = text.at(currency.end) == " " ? currency.end + 1 : currency.end
    guard let (number, end) = WrittenNumber.read(text, at: start, language: language), !number.isCode else {
      return nil
    }
    return WrittenValue(
      kind: .money(number, currency: currency.code, isExact: currency.isExact), range: position..<end)
  }

  /// `%45` in Turkish.
  private func prefixedPercent(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard language == .turkish, text[position] == "%",
      let (number, end) = WrittenNumber.read(text, at: position + 1, language: language)
    else { return nil }
    return WrittenValue(kind: .percent(number), range: position..<end)
  }

  // MARK: Identifiers

  /// `020-1234567`, `090-1234-5678`, `+7 999 123-45-67`, `(11) 91234-5678`, `0532 123 45 67`.
  private func phone(_ text: Scalars, _ position: Int) -> WrittenValue? {
    let isInternational = text[position] == "+"
    let isBracketed = text[position] == "("
    var groups: [Scalars] = []
    var index = isInternational || isBracketed ? position + 1 : position
    var end = index
    var hasDash = false
    while groups.count < 8 {
      let groupEnd = text.end(from: index, while: \.isASCIIDigit)
      guard groupEnd > index, groupEnd - index <= 12 else { break }
      groups.append(Scalars(text[index..<groupEnd]))
      end = groupEnd
      index = groupEnd
      if text.at(index) == ")", isBracketed, groups.count == 1 { index += 1 }
      guard let mark = text.at(index), mark == " " || mark == "-" || index > groupEnd else { break }
      if mark == "-" { hasDash = true }
      if mark == " " || mark == "-" { index += 1 }
      if text.at(index) == "(" { index += 1 }
    }
    let count = groups.reduce(0) { $0 + $1.count }
    guard groups.count > 1 || isInternational, (7...15).contains(count), text.at(end)?.joinsDigits != true,
      isInternational || isBracketed || groups[0][0] == "0" && groups[0].count > 1
        || hasDash && groups.count >= 4 || hasDash && groups.map(\.count) == [3, 3, 4]
        || hasDash && groups.map(\.count) == [3, 4]
        || groups.map(\.count) == [5, 5]
    else { return nil }
    return WrittenValue(kind: .digits(groups, isInternational: isInternational), range: position..<end)
  }

  /// `1.2.3`, `192.168.1.1`.
  private func version(_ text: Scalars, _ position: Int) -> WrittenValue? {
    var parts: [Scalars] = []
    var end = position
    while parts.count < 5 {
      let next = text.end(from: end, while: \.isASCIIDigit)
      guard next > end, next - end <= 3 else { return nil }
      parts.append(Scalars(text[end..<next]))
      end = next
      guard text.at(end) == ".", text.at(end + 1)?.isASCIIDigit == true else { break }
      end += 1
    }
    guard parts.count >= 3, text.endsToken(at: end), !parts.dropFirst().allSatisfy({ $0.count == 3 }) else {
      return nil
    }
    return WrittenValue(kind: .version(parts), range: position..<end)
  }

  /// `3:2`. A time has two digits after its colon.
  private func score(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let first = text.number(at: position), first.end - position <= 2, text.at(first.end) == ":",
      let second = text.number(at: first.end + 1), second.end - first.end == 2, text.endsToken(at: second.end)
    else { return nil }
    return WrittenValue(
      kind: .score(
        WrittenNumber(whole: Scalars(text[position..<first.end])),
        WrittenNumber(whole: Scalars(text[(first.end + 1)..<second.end]))), range: position..<second.end)
  }

  // MARK: Times, fractions, counts

  private func time(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let clock = ClockPatterns.table[language], let hours = text.number(at: position),
      hours.end - position <= 2, hours.value <= 24
    else { return nil }
    let mark = text.at(hours.end)
    guard mark == ":" || mark == "：" || mark == "." && clock.word != nil,
      let minutes = text.number(at: hours.end + 1), minutes.end - hours.end == 3, minutes.value < 60
    else { return nil }
    var end = minutes.end
    let word = clock.word.map { Scalars(" " + $0) }
    if let word, text.matches(word, at: end) {
      end += word.count
    } else if mark == "." {
      return nil
    }
    guard text.endsToken(at: end) || text.at(end) == "-" else { return nil }
    return WrittenValue(kind: .time(hours: hours.value, minutes: minutes.value), range: position..<end)
  }

  /// `1/2` everywhere; other fractions where the language says them in numbers.
  private func fraction(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let over = text.number(at: position), text.at(over.end) == "/", let under = text.number(at: over.end + 1),
      text.endsToken(at: under.end), over.value > 0, over.value < under.value
    else { return nil }
    let range = position..<under.end
    if over.value == 1, under.value == 2 { return WrittenValue(kind: .half, range: range) }
    guard [.chinese, .japanese, .korean].contains(language) else { return nil }
    return WrittenValue(
      kind: .fraction(
        WrittenNumber(whole: Scalars(text[position..<over.end])),
        WrittenNumber(whole: Scalars(text[(over.end + 1)..<under.end]))), range: range)
  }

  /// `3명`, `2个`.
  private func count(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let counters = Self.counters[language], let number = text.number(at: position), number.value > 0,
      text.at(position - 1)?.isASCIIDigit != true, text.at(position - 1) != "第", text.at(position - 1) != "제"
    else { return nil }
    let start = text.at(number.end) == " " ? number.end + 1 : number.end
    guard let counter = counters.first(where: { text.matches($0, at: start) }) else { return nil }
    // `5개월` counts months in Chinese words.
    if counter == ["개"], text.at(start + 1) == "월" { return nil }
    guard language == .korean ? number.value < 100 : number.value == 2 else { return nil }
    return WrittenValue(
      kind: .count(WrittenNumber(whole: Scalars(text[position..<number.end])), counter: String(counter)),
      range: position..<(start + counter.count))
  }

  private static let counters: [Language: [Scalars]] = [
    .korean: ["시간", "시", "살", "명", "개", "마리", "잔", "병", "권", "달", "그루", "송이", "켤레", "가지", "사람"],
    .chinese: ["个", "位", "小时", "点", "只", "条", "张", "本", "次", "辆", "杯", "天", "年", "种", "倍", "间", "家"],
  ].mapValues { $0.map { Scalars($0) } }

  /// `2-м этаже`, `w 1939 roku`, `17. srpna`, `im 2. Stock`.
  private func ordinal(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let context = OrdinalContext.table[language], let number = text.number(at: position), number.value > 0,
      number.end - position <= 4, text[position] != "0" || number.value < 32
    else { return nil }
    let written = WrittenNumber(whole: Scalars(text[position..<number.end]))
    func value(_ form: OrdinalForm, end: Int) -> WrittenValue {
      WrittenValue(kind: .ordinal(written, form), range: position..<end)
    }
    for (suffix, form) in context.suffixes where text.matches(suffix, at: number.end) {
      let end = number.end + suffix.count
      if text.at(end)?.isWord != true { return value(form, end: end) }
    }
    let hasPoint = text.at(number.end) == "."
    let end = hasPoint ? number.end + 1 : number.end
    guard hasPoint || !context.needsPoint, hasPoint || text.at(position - 1) == " ", text.at(end) == " " else {
      return nil
    }
    let before = text.lowerWord(endingAt: text.lastNonSpace(before: position) + 1)
    let next = String(Scalars(text[(end + 1)..<text.wordEnd(from: end + 1)]))
    // `5 г.` are grams, `2019 г.` is a year.
    if next == "г", number.end - position < 4 { return nil }
    if let form = context.after[next] {
      // `der 3. Mai` is said as upstream does.
      if language == .german, ["", "der", "die", "das"].contains(before) { return nil }
      let isYearWord = ["roku", "r", "г"].contains(next)
      return value(isYearWord && before != "w" && before != "в" ? .genitive : form, end: end)
    }
    if language == .arabic { return context.before[before].map { value($0, end: number.end) } }
    guard hasPoint, let form = context.before[before], !next.isEmpty,
      // After a full stop that ends a sentence comes a capital.
      language == .german
        ? before == "am" || next.first?.isUppercase == true || next == "bis" : next.first?.isLowercase == true
    else { return nil }
    return value(form, end: end)
  }

  /// A year that the language says in hundreds; the words around it keep other numbers of four digits out.
  private func year(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let context = Self.yearContext[language], let number = text.number(at: position),
      number.end - position == 4, (1100...1999).contains(number.value), number.value % 100 > 0 || language == .dutch,
      text.endsToken(at: number.end), text.at(number.end) == " " || context.before.contains("tot")
    else { return nil }
    let before = text.lowerWord(endingAt: text.lastNonSpace(before: position) + 1)
    let next = min(number.end + 1, text.count)
    let after = String(Scalars(text[next..<text.end(from: next) { $0.isWord || $0.isMark }]))
    guard context.before.contains(before) || context.after.contains(after) else { return nil }
    return WrittenValue(kind: .year(number.value), range: position..<number.end)
  }

  private static let yearContext: [Language: (before: Set<String>, after: Set<String>)] = [
    .hindi: ([], ["में", "से", "तक"]),
    .dutch: (["van", "tot", "in", "sinds", "jaar", "na", "voor", "vanaf"], []),
    .german: ([], ["in", "bei", "auf", "als", "wurde", "war"]),
  ]

  /// `Jan III`, `Karel IV.`, `XX век`, `XIV. Louis`: in the languages without longer rules for Roman numerals.
  private func roman(_ text: Scalars, _ position: Int) -> WrittenValue? {
    let end = text.wordEnd(from: position)
    guard let context = Self.romanContext[language], let value = RomanNumeralRule.value(text[position..<end]),
      value <= 30, text.at(position - 1)?.isWord != true
    else { return nil }
    let number = WrittenNumber(whole: Scalars(String(value)))
    func ordinal(_ form: OrdinalForm, end: Int) -> WrittenValue {
      WrittenValue(kind: .ordinal(number, form), range: position..<end)
    }
    let hasPoint = text.at(end) == "."
    // One letter and a full stop may be a first name.
    if context.needsPoint, end - position == 1, text[position] != "I" { return nil }
    if context.needsPoint { return hasPoint && text.at(end + 1) == " " ? ordinal(.nominative, end: end + 1) : nil }
    let next = String(Scalars(text[min(end + 1, text.count)..<text.wordEnd(from: min(end + 1, text.count))]))
    if let form = context.centuries[next] { return ordinal(form, end: end) }
    guard context.followsNames, end - position > 1 || language == .russian, isName(text, before: position) else {
      return nil
    }
    return ordinal(.nominative, end: hasPoint && language == .czech && text.at(end + 1) == " " ? end + 1 : end)
  }

  private func isName(_ text: Scalars, before position: Int) -> Bool {
    guard text.at(position - 1) == " " else { return false }
    var start = position - 1
    while let letter = text.at(start - 1), letter.isWord { start -= 1 }
    guard position - 1 - start >= 3 else { return false }
    return text[start].properties.isUppercase && text[(start + 1)..<(position - 1)].allSatisfy(\.properties.isLowercase)
  }

  private static let romanContext:
    [Language: (needsPoint: Bool, followsNames: Bool, centuries: [String: OrdinalForm])] = [
      .polish: (false, true, ["w": .nominative, "wiek": .nominative, "wieku": .genitive]),
      .russian: (false, true, ["век": .nominative, "века": .genitive, "веке": .locative, "в": .nominative]),
      .czech: (false, true, ["století": .nominative]), .dutch: (false, true, ["eeuw": .nominative]),
      .turkish: (true, false, [:]), .hungarian: (true, false, [:]),
      .italian: (false, false, ["secolo": .nominative]),
    ]

  private func abbreviation(_ text: Scalars, _ position: Int) -> WrittenValue? {
    if language == .russian, let year = yearWord(text, position) { return year }
    return WrittenAbbreviations.entry(text, at: position, language: language).map {
      WrittenValue(kind: .abbreviation($0.entry.long), range: position..<$0.end)
    }
  }

  /// `24/7`, and `10x` in English.
  private func fixed(_ text: Scalars, _ position: Int) -> WrittenValue? {
    if text.matches(Scalars("24/7"), at: position), text.endsToken(at: position + 4) {
      return WrittenValue(kind: .abbreviation("24 7"), range: position..<(position + 4))
    }
    guard language == .english, let number = text.number(at: position), text.at(number.end) == "x",
      text.at(number.end + 1)?.isWord != true
    else { return nil }
    return WrittenValue(kind: .abbreviation("\(number.value) times"), range: position..<(number.end + 1))
  }

  /// `в 2019 г.` is `году`, otherwise `года`.
  private func yearWord(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard text.matches(["г", "."], at: position), text.at(position - 1) == " ",
      text.at(position - 2)?.isASCIIDigit == true
    else { return nil }
    var start = position - 1
    while position - start < 8, text.at(start - 1)?.isASCIIDigit == true { start -= 1 }
    let isIn = text.lowerWord(endingAt: text.lastNonSpace(before: start) + 1) == "в"
    return WrittenValue(kind: .abbreviation(isIn ? "году" : "года"), range: position..<(position + 2))
  }

  // MARK: Letters and digits

  /// `MP3`, `CO2`, `A4`.
  private func letters(_ text: Scalars, _ position: Int) -> WrittenValue? {
    let lettersEnd = text.end(from: position, while: Self.isCapital)
    guard lettersEnd > position, lettersEnd - position <= 5 else { return nil }
    let end = text.end(from: lettersEnd, while: \.isASCIIDigit)
    guard end > lettersEnd, end - lettersEnd <= 4, text.at(end)?.joinsDigits != true,
      text.at(position - 1)?.joinsDigits != true
    else { return nil }
    return WrittenValue(kind: .letters(Scalars(text[position..<end])), range: position..<end)
  }

  /// `5G`, `3D`.
  private func digitsBeforeLetters(_ text: Scalars, _ position: Int) -> WrittenValue? {
    let digits = text.end(from: position, while: \.isASCIIDigit)
    let end = text.end(from: digits, while: Self.isCapital)
    guard digits - position <= 2, end - digits == 1, text.at(end)?.joinsDigits != true else { return nil }
    return WrittenValue(kind: .letters(Scalars(text[position..<end])), range: position..<end)
  }

  private static func isCapital(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value &- 0x41 < 26 || (0x410...0x42F).contains(scalar.value)
  }

  // MARK: Signs

  private func sign(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let sign = signKind(text, position) else { return nil }
    return WrittenValue(kind: .sign(sign), range: position..<(position + 1))
  }

  /// A dash between two numbers that rise, or between two times.
  private func isRange(_ text: Scalars, _ position: Int) -> Bool {
    guard "-–~〜～−".unicodeScalars.contains(text[position]), let next = text.number(at: position + 1),
      text[position + 1] != "0" || next.value == 0
    else { return false }
    let end = text.at(position - 1) == "%" ? position - 1 : position
    var start = end
    while end - start < 9, text.at(start - 1)?.isASCIIDigit == true { start -= 1 }
    guard start < end, let previous = text.number(at: start) else { return false }
    if text.at(start - 1) == ":", text.at(next.end) == ":" { return true }
    let isAlone = text.at(start - 1)?.joinsDigits != true && !"-./,:".unicodeScalars.contains(text.at(start - 1) ?? " ")
    return isAlone && previous.value < next.value && text[start] != "0" && text.at(next.end) != "-"
      && text.at(text.end(from: next.end) { $0 == " " }) != "="
  }

  /// `9am-5pm`.
  private func isHourRange(_ text: Scalars, _ position: Int) -> Bool {
    guard language == .english, text[position] == "-" || text[position] == "–", isGlued(text, position) else {
      return false
    }
    return ["am", "pm"].contains(text.lowerWord(endingAt: position).suffix(2))
      && text.at(position - 3)?.isASCIIDigit == true
  }

  private func isGlued(_ text: Scalars, _ position: Int) -> Bool { text.at(position + 1)?.isASCIIDigit == true }

  private func signKind(_ text: Scalars, _ position: Int) -> SpokenSigns.Sign? {
    let before = position == 0 ? nil : text.at(text.lastNonSpace(before: position))
    let spacedNext = text.at(text.end(from: position + 1) { $0 == " " })
    let isBetweenNumbers = before?.isASCIIDigit == true && spacedNext?.isASCIIDigit == true
    let isGlued = isGlued(text, position)
    let startsToken = position == 0 || text.at(position - 1)?.joinsDigits != true
    if isRange(text, position) || isHourRange(text, position) { return .range }
    switch text[position] {
    case "+": return isBetweenNumbers || isGlued && startsToken ? .plus : nil
    case "-", "−", "–":
      if isBetweenNumbers {
        let next = text.end(from: text.end(from: position + 1) { $0 == " " }, while: \.isASCIIDigit)
        if text.at(text.end(from: next) { $0 == " " }) == "=" { return .minus }
        return text.at(position - 1) == " " && isGlued ? .minus : nil
      }
      return isGlued && startsToken && text[position] != "–" && text.at(position - 1)?.isASCIIDigit != true
        ? .minus : nil
    case "=": return isBetweenNumbers ? .equals : nil
    case "×": return isBetweenNumbers ? .times : nil
    case "÷": return isBetweenNumbers ? .divided : nil
    case "#", "№": return spacedNext?.isASCIIDigit == true ? .number : nil
    case "@": return text.at(position + 1)?.isWord == true && startsToken ? .at : nil
    case "&": return before != nil && spacedNext != nil ? .and : nil
    default: return nil
    }
  }
}

extension Scalars {
  /// The position of the last scalar before `position` that is not a space; -1 where there is none.
  func lastNonSpace(before position: Int) -> Int {
    var index = position - 1
    while index >= 0, self[index] == " " { index -= 1 }
    return index
  }

  /// The word that ends before `end`, in lower case; at most 16 letters of it.
  func lowerWord(endingAt end: Int) -> String {
    var start = end
    while end - start < 16, let letter = at(start - 1), letter.isWord { start -= 1 }
    return String(Scalars(self[start..<end]).lowercased())
  }
}
