import SpeechCore

/// Finds typed values in a text. The language decides only on the meaning of marks.
struct ValueRecognizer: Sendable {
  let language: Language

  /// The value that starts exactly at `position`.
  func value(in text: Scalars, at position: Int) -> WrittenValue? {
    let scalar = text[position]
    if scalar == "(" || scalar == "+", let value = phone(text, position) { return value }
    if scalar.isASCIIDigit {
      for recognizer in Self.ofDigits {
        if let value = recognizer(self)(text, position) { return value }
      }
      return nil
    }
    if let money = moneyAfterSign(text, position) ?? prefixedPercent(text, position) { return money }
    if scalar == "v", let version = version(text, position + 1, fewestParts: 2) {
      return WrittenValue(kind: version.kind, range: position..<version.range.upperBound)
    }
    // `القرن ال19`
    if language == .arabic, text.matches(Scalars("ال"), at: position), text.word(before: position) == "القرن",
      let number = text.number(at: position + 2)
    {
      return WrittenValue(
        kind: .ordinal(WrittenNumber(whole: Scalars(text[(position + 2)..<number.end])), .nominative),
        range: position..<number.end)
    }
    return sign(text, position) ?? letters(text, position) ?? roman(text, position) ?? abbreviation(text, position)
  }

  /// The recognisers of values that start with a digit; the first one decides.
  private static let ofDigits: [@Sendable (Self) -> (Scalars, Int) -> WrittenValue?] = [
    { $0.date }, { $0.days }, { $0.phone }, { $0.fixed }, { $0.roundTheClock }, { $0.feet }, { $0.code },
    { $0.registration },
    { $0.version }, { $0.years }, { $0.decade }, { $0.englishDay }, { $0.clock }, { $0.monthDay }, { $0.fraction },
    { $0.ordinal }, { $0.year }, { $0.score }, { $0.count }, { $0.quantity },
  ]

  // MARK: Numbers with and without a unit

  private func quantity(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let (number, end) = WrittenNumber.read(text, at: position, language: language) else { return nil }
    let unitStart = text.at(end) == " " ? end + 1 : end
    if !number.isCode, let value = money(text, position, number, end) { return value }
    if text.at(unitStart) == "%" || text.at(unitStart) == "٪" {
      return WrittenValue(kind: .percent(number), range: position..<(unitStart + 1))
    }
    if language == .chinese, sharesPercent(text, end) {
      return WrittenValue(kind: .percent(number), range: position..<end)
    }
    if let unit = WrittenUnits.unit(text, at: unitStart, language: language) {
      // `2 Std. 30 Min.`
      let next = text.at(unit.end + 2)
      let takesPoint =
        text.at(unit.end) == "." && text.at(unit.end + 1) == " " && text[unit.end - 1].isWord
        && (next?.isASCIIDigit == true || next?.properties.isLowercase == true)
      return WrittenValue(
        kind: .measure(number, unit: unit.name), range: position..<(takesPoint ? unit.end + 1 : unit.end))
    }
    if let (exponent, powerEnd) = exponent(text, end) {
      return WrittenValue(kind: .power(number, exponent: exponent), range: position..<powerEnd)
    }
    if number.isCode, text.endsToken(at: end) {
      return WrittenValue(kind: .digits([number.whole], isInternational: false), range: position..<end)
    }
    if language == .arabic, let value = arabic(text, position, number, end) { return value }
    if language == .chinese, number.whole.count == 3, text.at(end) == "室" {
      return WrittenValue(kind: .digits([number.whole], isInternational: false), range: position..<end)
    }
    // `2-3 hétig`
    if language == .hungarian, number.whole.last == "2", number.fraction.isEmpty, let dash = text.at(end),
      "-–".unicodeScalars.contains(dash), isRange(text, end)
    {
      return WrittenValue(kind: .counted(number, noun: "hét"), range: position..<end)
    }
    if let identifier = identifier(text, position, number, end) { return identifier }
    if let letters = digitsBeforeLetters(text, position) { return letters }
    if let counted = counted(text, position, number, end) { return counted }
    let isLongChinese = language == .chinese && (4...9).contains(number.whole.count) && text.at(end) != "年"
    let hasCase =
      number.fraction.isEmpty && number.whole.count < 10 && text.at(end) != "." && text.at(end) != "-"
      && NumberCase(language: language, around: position..<end, in: text) != nil
    guard
      end - position > number.whole.count || language == .japanese || isLongChinese || hasCase || isMisspelled(number)
    else { return nil }
    guard text.endsToken(at: end) || !number.fraction.isEmpty || language == .japanese else { return nil }
    return WrittenValue(kind: .number(number), range: position..<end)
  }

  /// `الساعة 3`, `2 ساعة`, `2011م`
  private func arabic(_ text: Scalars, _ position: Int, _ number: WrittenNumber, _ end: Int) -> WrittenValue? {
    guard number.fraction.isEmpty, number.whole.count <= 4 else { return nil }
    let value = DecimalInteger(number.whole).last(4)
    if text.word(before: position) == "الساعة", (1...12).contains(value), text.endsToken(at: end) {
      return WrittenValue(kind: .time(hours: value, minutes: 0, seconds: nil, half: ""), range: position..<end)
    }
    if number.whole.count == 4, let era = text.at(end).flatMap({ ["م": "ميلادي", "ه": "هجري"][$0] }),
      text.at(end + 1)?.isWord != true
    {
      return WrittenValue(kind: .suffixed(number, era), range: position..<(end + 1))
    }
    guard value == 2, text.at(end) == " " else { return nil }
    let noun = text.word(at: end + 1)
    guard Self.arabicNouns.contains(noun) else { return nil }
    let dual = noun.hasSuffix("ة") ? noun.dropLast() + "تان" : noun + "ان"
    return WrittenValue(kind: .abbreviation(String(dual)), range: position..<(end + 1 + noun.unicodeScalars.count))
  }

  private static let arabicNouns: Set<String> = [
    "ساعة", "دقيقة", "ثانية", "يوم", "شهر", "سنة", "أسبوع", "لتر", "كيلوغرام", "كيلومتر", "متر", "دولار", "ريال",
    "مليون", "ألف", "كتاب", "شخص", "درهم", "دينار", "جنيه", "غرام", "مليار", "مرة",
  ]

  /// Whole numbers that upstream misspells: `centodicotto`, `dvěstě`.
  private func isMisspelled(_ number: WrittenNumber) -> Bool {
    guard number.fraction.isEmpty, number.whole.count > 2, !number.isCode else { return false }
    return language == .italian && String(number.whole).contains("18")
      || language == .czech && number.whole.contains("2")
      || language == .arabic && (number.whole == ["2", "0", "0"] || number.whole == ["2", "0", "0", "0"])
      || language == .hungarian && number.whole.count > 4 && number.whole.contains("2")
  }

  /// `5-10%` in Chinese: the percent sign belongs to both numbers.
  private func sharesPercent(_ text: Scalars, _ end: Int) -> Bool {
    guard let dash = text.at(end), "-–~〜～".unicodeScalars.contains(dash),
      let next = WrittenNumber.read(text, at: end + 1, language: language)
    else { return false }
    return text.at(next.end) == "%"
  }

  /// A whole number and the noun after it, in the languages whose numerals have genders.
  private func counted(_ text: Scalars, _ position: Int, _ number: WrittenNumber, _ end: Int) -> WrittenValue? {
    guard NumeralAgreement.languages.contains(language), number.fraction.isEmpty, !number.isCode,
      text.at(end) == " ", number.whole.count <= 12
    else { return nil }
    let nounEnd = text.end(from: end + 1) { $0.isWord && !$0.isASCIIDigit && $0 != "_" }
    let before = text.word(before: position)
    guard nounEnd > end + (language == .hungarian ? 2 : 3), text.at(position - 1) != "#", text.at(position - 1) != "№",
      text.at(nounEnd)?.isASCIIDigit != true, !Self.numberedWords.contains(before)
    else {
      return nil
    }
    let noun = String(text[(end + 1)..<nounEnd])
    guard language != .german || noun.first?.isUppercase == true else { return nil }
    return WrittenValue(kind: .counted(number, noun: noun), range: position..<end)
  }

  /// Words before a number that is a name and not a count: `capítulo 1`.
  private static let numberedWords: Set<String> = [
    "capítulo", "artículo", "artigo", "página", "número", "parte", "tomo", "fase", "tipo", "sala", "habitación",
    "línea",
    "autobús", "capitolo", "pagina", "numero", "stanza", "linea", "глава", "номер", "kapitola", "strana", "rozdział",
    "strona", "numer", "chapitre", "page", "numéro", "salle", "ligne", "linha", "kapitel", "seite", "nummer", "zimmer",
    "linie", "versión", "versione", "version", "versão", "wersja", "verze", "nivel", "nível", "livello", "grupo",
  ]

  /// `10⁶`.
  func exponent(_ text: Scalars, _ start: Int) -> (WrittenNumber, end: Int)? {
    let raised: Scalars = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    let end = text.end(from: start) { raised.contains($0) }
    if text.at(start) == "^", let number = text.number(at: start + 1) {
      return (WrittenNumber(whole: Scalars(text[(start + 1)..<number.end])), number.end)
    }
    guard end > start else { return nil }
    let digits = text[start..<end].compactMap { raised.firstIndex(of: $0) }
    return (WrittenNumber(whole: Scalars(digits.map(String.init).joined())), end)
  }

  // MARK: Money

  /// The number that was read, with the scale and the currency after it.
  private func money(_ text: Scalars, _ position: Int, _ number: WrittenNumber, _ end: Int) -> WrittenValue? {
    var end = end
    var scale: NumberScale?
    if let found = NumberScale.read(text, after: end, language: language) {
      scale = found.scale
      end = found.end
    }
    let start = text.at(end) == " " ? end + 1 : end
    if let currency = WrittenUnits.currency(text, at: start, language: language) {
      return WrittenValue(
        kind: amount(number, scale, currency.code, isExact: currency.isExact), range: position..<currency.end)
    }
    // `5,- €`
    if scale == nil, let dash = text.at(end + 1), text.at(end) == ",", dash == "-" || dash == "–" {
      let start = text.at(end + 2) == " " ? end + 3 : end + 2
      if let currency = WrittenUnits.currency(text, at: start, language: language) {
        return WrittenValue(
          kind: amount(number, nil, currency.code, isExact: currency.isExact), range: position..<currency.end)
      }
      if text.at(end + 2)?.isWord != true { return WrittenValue(kind: .number(number), range: position..<(end + 2)) }
    }
    guard let scale, !scale.needsCurrency else { return nil }
    return WrittenValue(kind: .scaled(number, scale, currency: nil, isExact: false), range: position..<end)
  }

  private func amount(_ number: WrittenNumber, _ scale: NumberScale?, _ code: String, isExact: Bool)
    -> WrittenValue.Kind
  {
    guard let scale else { return .money(number, currency: code, isExact: isExact) }
    return .scaled(number, scale, currency: code, isExact: isExact)
  }

  private func moneyAfterSign(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard let currency = WrittenUnits.currency(text, at: position, language: language) else { return nil }
    let start = text.at(currency.end) == " " ? currency.end + 1 : currency.end
    guard case (var number, var end)? = WrittenNumber.read(text, at: start, language: language), !number.isCode else {
      return nil
    }
    number.groupThousands()
    // `€ 5,-`
    if text.at(end) == ",", text.at(end + 1) == "-" || text.at(end + 1) == "–" { end += 2 }
    var scale: NumberScale?
    if let found = NumberScale.read(text, after: end, language: language) { (scale, end) = (found.scale, found.end) }
    // `$5-10`, `$5–$10`
    if scale == nil, let dash = text.at(end), dash == "-" || dash == "–" {
      let sign = WrittenUnits.currency(text, at: end + 1, language: language)
      let second = sign.map { $0.code == currency.code ? $0.end : -1 } ?? end + 1
      if let last = WrittenNumber.read(text, at: second, language: language), text.endsToken(at: last.end),
        NumberScale.read(text, after: last.end, language: language) == nil
      {
        return WrittenValue(
          kind: .moneyRange(number, last.number, currency: currency.code, isExact: currency.isExact),
          range: position..<last.end)
      }
    }
    return WrittenValue(kind: amount(number, scale, currency.code, isExact: currency.isExact), range: position..<end)
  }

  /// `%45` in Turkish and Arabic.
  private func prefixedPercent(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard language == .turkish || language == .arabic, text[position] == "%" || text[position] == "٪",
      let (number, end) = WrittenNumber.read(
        text, at: text.at(position + 1) == " " ? position + 2 : position + 1, language: language)
    else { return nil }
    return WrittenValue(kind: .percent(number), range: position..<end)
  }

  // MARK: Abbreviations

  func abbreviation(_ text: Scalars, _ position: Int) -> WrittenValue? {
    if language == .german, let street = street(text, position) { return street }
    if language == .english, let street = englishStreet(text, position) { return street }
    if let century = centuryWord(text, position) { return century }
    if language == .russian, let year = yearWord(text, position) { return year }
    if let place = WrittenAbbreviations.place(text, at: position, language: language) {
      return WrittenValue(kind: .abbreviation(place.long), range: position..<place.end)
    }
    return WrittenAbbreviations.entry(text, at: position, language: language).map {
      WrittenValue(kind: .abbreviation($0.entry.long), range: position..<$0.end)
    }
  }

  /// `XIX w.`, `XIX в.`: the case of the century follows from the word before it.
  private func centuryWord(_ text: Scalars, _ position: Int) -> WrittenValue? {
    let isShort = text.at(position + 1) == "." && text.at(position - 1) == " "
    if isShort, language == .french, text[position] == "s", "eè".unicodeScalars.contains(text.at(position - 2) ?? " ") {
      let word = text.lowerWord(endingAt: position - 1)
      return word.dropLast().allSatisfy { "ivxl".contains($0) }
        ? WrittenValue(kind: .abbreviation("siècle"), range: position..<(position + 2)) : nil
    }
    guard language == .polish || language == .russian, text[position] == "w" || text[position] == "в", isShort else {
      return nil
    }
    var start = position - 1
    while position - start < 8, let letter = text.at(start - 1), letter.value &- 0x41 < 26 { start -= 1 }
    guard start < position - 1, RomanNumeral.value(text[start..<(position - 1)]) != nil else { return nil }
    let before = text.lowerWord(endingAt: text.lastNonSpace(before: start) + 1)
    let isIn = before == "w" || before == "в"
    let word = language == .polish ? (isIn ? "wieku" : "wiek") : (isIn ? "веке" : "век")
    let hasNext = text.at(position + 2) == " " && text.at(position + 3)?.properties.isLowercase == true
    return WrittenValue(kind: .abbreviation(word), range: position..<(hasNext ? position + 2 : position + 1))
  }

  /// `Main St.`, `10 Downing St`: after a name, and not before one.
  private func englishStreet(_ text: Scalars, _ position: Int) -> WrittenValue? {
    guard text.matches(Scalars("St"), at: position), text.at(position - 1) == " ",
      text.at(position - 2)?.properties.isLowercase == true, text.at(position + 2)?.isWord != true
    else { return nil }
    var start = position - 1
    while position - start < 24, let letter = text.at(start - 1), letter.isWord || letter == "'" || letter == "’" {
      start -= 1
    }
    let end = text.at(position + 2) == "." ? position + 3 : position + 2
    guard text[start].properties.isUppercase, text.at(end) != " " || text.at(end + 1)?.properties.isUppercase != true
    else { return nil }
    let endsSentence = end == text.count && end == position + 3
    return WrittenValue(kind: .abbreviation("street"), range: position..<(endsSentence ? end - 1 : end))
  }

  /// `Hauptstr.`
  private func street(_ text: Scalars, _ position: Int) -> WrittenValue? {
    let end = text.wordEnd(from: position, limit: 64)
    guard end - position > 4, text.at(end) == ".", text.matches(Scalars("str"), at: end - 3) else { return nil }
    return WrittenValue(kind: .abbreviation(String(text[position..<end]) + "aße"), range: position..<(end + 1))
  }

  /// `24/7`, and `10x` in English.
  func fixed(_ text: Scalars, _ position: Int) -> WrittenValue? {
    if text.matches(Scalars("24/7"), at: position) || text.matches(Scalars("7/24"), at: position),
      text.endsToken(at: position + 4)
    {
      let words = String(text[position..<(position + 4)]).replacing("/", with: " ")
      return WrittenValue(kind: .abbreviation(words), range: position..<(position + 4))
    }
    guard let times = Self.timesWords[language], let number = text.number(at: position),
      text.at(number.end) == "x" || text.at(number.end) == "×", text.at(number.end + 1)?.isWord != true,
      text.at(number.end) == "x" || text.at(number.end + 1) != " "
    else { return nil }
    return WrittenValue(kind: .abbreviation("\(number.value) \(times)"), range: position..<(number.end + 1))
  }

  private static let timesWords: [Language: String] = [
    .english: "times", .french: "fois", .german: "mal", .spanish: "veces", .italian: "volte", .portuguese: "vezes",
    .dutch: "keer", .russian: "раз", .polish: "razy", .czech: "krát", .turkish: "kat",
  ]

  /// `в 2019 г.` is `году`, otherwise `года`.
  private func yearWord(_ text: Scalars, _ position: Int) -> WrittenValue? {
    let isPlural = text.matches(["г", "г", "."], at: position)
    guard isPlural || text.matches(["г", "."], at: position), text.at(position - 1) == " ",
      text.at(position - 2)?.isASCIIDigit == true
    else { return nil }
    var start = position - 1
    let range: Set<Unicode.Scalar> = ["-", "–"]
    while position - start < 12,
      isPlural && text.at(start - 1).map(range.contains) == true || text.at(start - 1)?.isASCIIDigit == true
    { start -= 1 }
    let isIn = text.lowerWord(endingAt: text.lastNonSpace(before: start) + 1) == "в"
    let word = isPlural ? (isIn ? "годах" : "годы") : isIn ? "году" : "года"
    return WrittenValue(kind: .abbreviation(word), range: position..<(position + (isPlural ? 3 : 2)))
  }
}
