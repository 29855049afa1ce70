import SpeechCore

/// Says typed values in one language. Plain numbers stay digits where upstream's rules read them.
struct ValueSpeaker: Sendable {
  let language: Language
  let numbers: (any NumberWords)?
  let signs: SpokenSigns
  private let fractions: Fractions

  init(language: Language, numbers: (any NumberWords)?) {
    self.language = language
    self.numbers = numbers
    signs = SpokenSigns(language)
    fractions = Fractions(language: language, numbers: numbers)
  }

  /// nil where the language has no words for it.
  func words(for value: WrittenValue, in text: Scalars) -> String? {
    switch value.kind {
    case .number(let number): return exactly(number, in: text[value.range])
    case .counted(let number, let noun): return counted(number, noun)
    case .scaled(let number, let scale, let currency, let isExact):
      return scaled(number, scale, currency, isExact: isExact).map { padded($0, value, text) }
    case .feet(let feet, let inches):
      let parts = [(feet, "unit/foot"), (inches, "unit/inch")].compactMap {
        measure(WrittenNumber(whole: Scalars(String($0.0))), $0.1)
      }
      return parts.joined(separator: " ")
    case .years(let first, let last, let isRange):
      let years = [first, last].map { YearWords.spoken($0, language, numbers) }
      return years.joined(separator: isRange ? " \(signs[.range]) " : " ")
    case .monthDay(let month, let day): return monthDay(month, day, text, value.range.lowerBound)
    case .money(let number, let currency, let isExact):
      return amount(number, currency, isExact: isExact).map { padded($0, value, text) }
    case .measure(let number, let unit):
      return measure(number, "unit/" + unit).map { padded($0, value, text) }
    case .percent(let number):
      // `100%ige`
      return percent(number).map { language == .german ? $0 : padded($0, value, text) }
    case .digits(let groups, _)
    where language == .chinese && groups.count == 1 && groups[0].count == 3 && groups[0][0] != "0":
      return groups[0].map { $0 == "1" ? "幺" : digit($0) }.joined()
    case .digits(let groups, let isInternational):
      let spoken = groups.map { $0.map(digit).joined(separator: " ") }.joined(separator: ", ")
      return (isInternational ? (SpokenSigns.positive[language] ?? signs[.plus]) + " " : "") + spoken
    case .version(let parts):
      let name = text[value.range.lowerBound] == "v" ? Self.versionWords[language] ?? "v" : nil
      return (name.map { $0 + " " } ?? "")
        + parts.map { spoken(WrittenNumber(whole: $0)) }.joined(separator: " \(signs[.point]) ")
    case .score(let first, let second):
      return [inWords(first), signs[.ratio], inWords(second)].joined(separator: " ")
    case .time(let hours, let minutes):
      // `od dziewiątej do siedemnastej`
      let isStart = language == .polish && isTimeRange(text, value.range.upperBound)
      let before = text.lowerWord(endingAt: text.lastNonSpace(before: value.range.lowerBound) + 1)
      return time(hours, minutes).map { (isStart && before != "od" ? "od " : "") + $0 }
    case .half: return signs[.half]
    case .power(let base, let exponent):
      let words = signs[.power].split(separator: " ").map(String.init)
      guard [.chinese, .japanese, .korean, .hungarian].contains(language), words.count == 2 else {
        return "\(spoken(base)) \(signs[.power]) \(inWords(exponent)) "
      }
      return "\(spoken(base))\(words[0]) \(inWords(exponent)) \(words[1])"
    case .year(let year) where language != .hindi: return YearWords.spoken(year, language, numbers)
    case .year(let year):
      let hundred = " सौ "
      let rest = year % 100
      return inWords(WrittenNumber(whole: Scalars(String(year / 100)))) + hundred
        + (rest == 0 ? "" : inWords(WrittenNumber(whole: Scalars(String(rest)))))
    case .ordinal(let number, _) where language == .arabic:
      return OrdinalContext.arabicCentury(DecimalInteger(number.whole).last(4))
    case .ordinal(let number, let form)
    where language == .hungarian && (form != .nominative || text[value.range].contains("-")):
      guard let numbers else { return nil }
      let day = DecimalInteger(number.whole).last(4)
      guard let dash = text[value.range].firstIndex(of: "-") else { return HungarianDay.spoken(day, numbers) }
      return HungarianDay.spoken(day, suffix: Scalars(text[(dash + 1)..<value.range.upperBound]), numbers)
    case .ordinal(let number, let form):
      return numbers?.ordinal(DecimalInteger(number.whole)).map {
        // `Willem de derde`.
        let article = language == .dutch && !text[value.range.lowerBound].isASCIIDigit ? "de " : ""
        return article + form.inflect($0, language)
      }
    case .fraction(let over, let under) where ![.chinese, .japanese, .korean].contains(language):
      return fractions.spoken(DecimalInteger(over.whole).last(9), DecimalInteger(under.whole).last(9))
    case .fraction(let over, let under):
      let joint = [.chinese: "分之", .japanese: "分の", .korean: " 분의 "][language] ?? " "
      return spoken(under) + joint + spoken(over)
    case .count(let number, let counter):
      guard language == .korean else { return "两" + counter }
      return (KoreanNumbers.native(DecimalInteger(number.whole).last(2)) ?? spoken(number)) + " " + counter
    case .abbreviation(let long): return long
    case .sign(let sign): return spoken(sign, value, text)
    case .letters(let letters): return spelled(letters)
    }
  }

  // MARK: Numbers

  func spoken(_ number: WrittenNumber) -> String {
    switch language {
    case .japanese: return japanese(number)
    case .turkish where !number.fraction.isEmpty:
      let isCount = number.fraction.count <= 2 && number.fraction[0] != "0"
      let fraction = isCount ? String(number.fraction) : number.fraction.map(digit).joined(separator: " ")
      return "\(String(number.whole)) virgül \(fraction)"
    case .arabic where !number.fraction.isEmpty:
      return inWords(number) + " فاصلة " + number.fraction.map(digit).joined(separator: " ")
    case .chinese: return String(ChineseNumerals.cardinal(Scalars(number.plain(language))))
    // Upstream writes the hundreds in one word.
    case .czech where number.fraction.isEmpty: return inWords(number)
    case .italian where number.fraction.isEmpty && number.whole.count > 2: return inWords(number)
    default: return number.plain(language)
    }
  }

  /// Without upstream's misspellings.
  func cardinal(_ value: DecimalInteger) -> String? {
    let words = numbers?.cardinal(value)
    return switch language {
    case .czech: words?.replacing("dvěstě", with: "dvě stě")
    case .italian: words?.replacing("dicotto", with: "diciotto")
    default: words
    }
  }

  private func time(_ hours: Int, _ minutes: Int) -> String? {
    guard let clock = ClockPatterns.table[language] else { return nil }
    func said(_ value: Int) -> String {
      // In words where a full stop after digits would make them an ordinal.
      if language == .korean || language == .chinese || language == .japanese {
        return spoken(WrittenNumber(whole: Scalars(String(value))))
      }
      return numbers?.cardinal(DecimalInteger(value)) ?? String(value)
    }
    if language == .hindi, let quarter = Self.hindiQuarter(hours, minutes) {
      return quarter.0 + " " + said(quarter.1) + " बजे"
    }
    if language == .arabic { return ArabicClock.spoken(hours, minutes, said) }
    if language == .polish, let hour = numbers?.ordinal(DecimalInteger(hours)) {
      let minute = (minutes < 10 ? "zero " : "") + said(minutes)
      return OrdinalForm.feminine.inflect(hour, language) + (minutes == 0 ? "" : " " + minute)
    }
    if language == .japanese, let hour = JapaneseNumerals.irregular(hours, "時") {
      return hour + (minutes == 0 ? "" : said(minutes) + "分")
    }
    let isNative = language == .korean && (1...12).contains(hours)
    let hour = language == .chinese && hours == 2 ? "两" : isNative ? KoreanNumbers.native(hours) ?? "" : said(hours)
    let minute = (minutes < 10 ? clock.zero.map { $0 + " " } ?? "" : "") + said(minutes)
    return (minutes == 0 ? clock.fullHour : clock.time).replacing("#", with: hour).replacing("%", with: minute)
  }

  private static let versionWords: [Language: String] = [
    .english: "version", .german: "Version", .french: "version", .spanish: "versión", .italian: "versione",
    .portuguese: "versão", .dutch: "versie", .polish: "wersja", .czech: "verze", .russian: "версия", .turkish: "sürüm",
    .hungarian: "verzió",
  ]

  /// Digits before a full stop would be an ordinal.
  func inWords(_ number: WrittenNumber) -> String {
    guard ![.chinese, .japanese].contains(language) else { return spoken(number) }
    return cardinal(DecimalInteger(number.whole)) ?? String(number.whole)
  }

  /// `साढ़े दस`, `सवा नौ`, `पौने दस`.
  private static func hindiQuarter(_ hours: Int, _ minutes: Int) -> (String, Int)? {
    switch minutes {
    case 15: ("सवा", hours)
    case 30 where hours > 2: ("साढ़े", hours)
    case 45: ("पौने", hours + 1)
    default: nil
    }
  }

  private func japanese(_ number: WrittenNumber) -> String {
    let whole = JapaneseNumerals.cardinal(DecimalInteger(number.whole)) ?? number.whole.map(digit).joined()
    return number.fraction.isEmpty ? whole : whole + "点" + number.fraction.map(digit).joined()
  }

  func digit(_ digit: Unicode.Scalar) -> String {
    switch language {
    case .japanese: JapaneseNumerals.digits[digit.digitValue]
    case .korean where digit == "0": "공"
    case .chinese: ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"][digit.digitValue]
    default: numbers?.cardinal(DecimalInteger(digit.digitValue)) ?? String(Character(digit))
    }
  }

  // MARK: Money, measures, percent

  private func amount(_ number: WrittenNumber, _ currency: String, isExact: Bool) -> String? {
    var cents = number.fraction.allSatisfy { $0 == "0" } ? [] : number.fraction
    guard cents.count <= 2 else {
      return priced(number, currency, isExact: isExact)
    }
    let upstream = Currency.allCases.first { Self.codes[$0] == currency }
    if let upstream, !isExact, !isMisread(upstream, cents),
      ![.arabic, .hungarian, .korean, .russian].contains(language),
      numbers?.amount(PythonFloat(1), upstream) != nil
    {
      let sign = String(Character(upstream.sign))
      return String(number.whole) + (cents.isEmpty ? "" : "." + String(cents)) + sign
    }
    if [.chinese, .japanese, .korean].contains(language) {
      return priced(number, currency, isExact: isExact)
    }
    let units = WrittenNumber(whole: number.whole)
    guard let named = priced(units, currency, isExact: isExact) else { return nil }
    if cents.isEmpty { return named }
    if cents.count == 1 { cents.append("0") }
    if language == .english, currency == "GBP" {
      let isOne = cents == ["0", "1"]
      return named + " and " + spoken(WrittenNumber(whole: Scalars(cents.drop { $0 == "0" })))
        + (isOne ? " penny" : " pence")
    }
    return named + " " + signs[.joint] + " " + spoken(WrittenNumber(whole: Scalars(cents.drop { $0 == "0" })))
  }

  /// Amounts that upstream says wrong: whole ones in Portuguese, of which it loses a part, and British pounds.
  private func isMisread(_ currency: Currency, _ cents: Scalars) -> Bool {
    language == .portuguese && cents.isEmpty || language == .english && currency == .poundSterling
  }

  private static let codes: [Currency: String] = [.usDollar: "USD", .euro: "EUR", .poundSterling: "GBP"]

  func priced(_ number: WrittenNumber, _ currency: String, isExact: Bool) -> String? {
    guard let pattern = MeasureWords.pattern("currency/" + currency, number, language) else { return nil }
    return said(number, in: withoutCountry(pattern, currency, isExact: isExact))
  }

  /// `US dollars` after a bare `$` is `dollars`: the noun of ICU's name, without the country.
  func withoutCountry(_ words: String, _ currency: String, isExact: Bool) -> String {
    if language == .chinese, currency == "CNY" { return words.replacing("人民币", with: "元") }
    if language == .japanese { return words.replacing("米ドル", with: "ドル") }
    guard !isExact, currency != "GBP" else { return words }
    var parts = words.split(separator: " ").map(String.init)
    guard parts.count > 2 else { return words.replacing("US-", with: "").replacing("USA-", with: "") }
    let nounFirst: Bool =
      switch language {
      case .spanish, .french, .italian, .portuguese, .polish, .arabic: true
      case .russian: currency == "USD"
      default: false
      }
    parts = nounFirst ? Array(parts.prefix(2)) : [parts[0], parts[parts.count - 1]]
    if language == .turkish { parts[1] = Self.withoutPossessive(parts[1]) }
    return parts.joined(separator: " ")
  }

  /// `doları` to `dolar`, `lirası` to `lira`.
  private static func withoutPossessive(_ word: String) -> String {
    for ending in ["sı", "si", "ı", "i", "u", "ü"] where word.hasSuffix(ending) && word.count > 3 {
      return String(word.dropLast(ending.count))
    }
    return word
  }

  private func percent(_ number: WrittenNumber) -> String? {
    switch language {
    case .chinese: return "百分之" + spoken(number)
    case .korean: return spoken(number) + " 퍼센트"
    case .arabic: return spoken(number) + " بالمئة"
    case .russian, .czech, .polish, .turkish, .japanese, .hindi: return measure(number, "percent")
    default: return exactly(number, in: []) + " " + (SpokenSigns.percent[language] ?? "")
    }
  }

  /// ICU's words with the number in them.
  func measure(_ number: WrittenNumber, _ skeleton: String) -> String? {
    guard let pattern = MeasureWords.pattern(skeleton, number, language) else { return nil }
    return said(number, in: pattern)
  }

  private func said(_ number: WrittenNumber, in pattern: String) -> String {
    pattern.replacing(MeasureWords.placeholder, with: agreeing(number, pattern) ?? exactly(number, in: []))
  }

  // MARK: Signs and letters

  private func spoken(_ sign: SpokenSigns.Sign, _ value: WrittenValue, _ text: Scalars) -> String? {
    let isUnary = text.at(text.lastNonSpace(before: value.range.lowerBound))?.isASCIIDigit != true
    var word = signs[sign]
    if isUnary, sign == .minus { word = SpokenSigns.negative[language] ?? word }
    if isUnary, sign == .plus { word = SpokenSigns.positive[language] ?? word }
    if sign == .range, language == .polish, isTimeRange(text, value.range.lowerBound) { word = "do" }
    if sign == .ratio || sign == .range { return " \(word) " }
    return word.isEmpty ? nil : " \(word) "
  }

  /// A dash with a time after it.
  private func isTimeRange(_ text: Scalars, _ dash: Int) -> Bool {
    guard let mark = text.at(dash), mark == "-" || mark == "–", let next = text.number(at: dash + 1) else {
      return false
    }
    return text.at(next.end) == ":"
  }

  private func spelled(_ letters: Scalars) -> String {
    var parts: [String] = []
    var position = 0
    while position < letters.count {
      let end = max(letters.end(from: position, while: \.isASCIIDigit), position + 1)
      let part = Scalars(letters[position..<end])
      parts.append(part[0].isASCIIDigit ? group(part) : letter(part))
      position = end
    }
    return parts.joined(separator: " ")
  }

  /// A number among letters: digit by digit where it is long or a code.
  private func group(_ digits: Scalars) -> String {
    let isCode = digits.count > 3 || digits.count > 1 && digits[0] == "0"
    return isCode ? digits.map(digit).joined(separator: " ") : inWords(WrittenNumber(whole: digits))
  }

  /// Korean sentences have names for Latin letters.
  private func letter(_ letter: Scalars) -> String {
    guard language == .korean, letter.count == 1, letter[0].value &- 0x41 < 26 else { return String(letter) }
    return Self.koreanLetters[Int(letter[0].value - 0x41)]
  }

  private static let koreanLetters = [
    "에이", "비", "씨", "디", "이", "에프", "지", "에이치", "아이", "제이", "케이", "엘", "엠", "엔", "오", "피", "큐", "알", "에스", "티",
    "유", "브이", "더블유", "엑스", "와이", "제트",
  ]

  /// A space where the value would run into a word.
  private func padded(_ words: String, _ value: WrittenValue, _ text: Scalars) -> String {
    text.at(value.range.upperBound)?.isWord == true && ![.chinese, .japanese].contains(language) ? words + " " : words
  }
}
