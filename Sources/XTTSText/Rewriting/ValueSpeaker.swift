import SpeechCore

/// Says typed values in one language. Plain numbers stay digits where upstream's rules read them.
struct ValueSpeaker: Sendable {
  let language: Language
  let numbers: (any NumberWords)?
  let signs: SpokenSigns

  init(language: Language, numbers: (any NumberWords)?) {
    self.language = language
    self.numbers = numbers
    signs = SpokenSigns(language)
  }

  /// nil where the language has no words for it.
  func words(for value: WrittenValue, in text: Scalars) -> String? {
    switch value.kind {
    case .number(let number): return spoken(number)
    case .money(let number, let currency, let isExact):
      return amount(number, currency, isExact: isExact).map { padded($0, value, text) }
    case .measure(let number, let unit):
      return measure(number, "unit/" + unit).map { padded($0, value, text) }
    case .percent(let number):
      return percent(number).map { padded($0, value, text) }
    case .digits(let groups, let isInternational):
      let spoken = groups.map { $0.map(digit).joined(separator: " ") }.joined(separator: ", ")
      return (isInternational ? signs[.plus] + " " : "") + spoken
    case .version(let parts):
      let name = text[value.range.lowerBound] == "v" ? Self.versionWords[language] ?? "v" : nil
      return (name.map { $0 + " " } ?? "")
        + parts.map { spoken(WrittenNumber(whole: $0)) }.joined(separator: " \(signs[.point]) ")
    case .score(let first, let second):
      return [inWords(first), signs[.ratio], inWords(second)].joined(separator: " ")
    case .time(let hours, let minutes): return time(hours, minutes)
    case .half: return signs[.half]
    case .power(let base, let exponent):
      let words = signs[.power].split(separator: " ").map(String.init)
      guard [.chinese, .japanese, .korean, .hungarian].contains(language), words.count == 2 else {
        return "\(spoken(base)) \(signs[.power]) \(inWords(exponent)) "
      }
      return "\(spoken(base))\(words[0]) \(inWords(exponent)) \(words[1])"
    case .year(let year):
      let hundred = [.hindi: " सौ ", .dutch: "honderd", .german: "hundert"][language] ?? " "
      let rest = year % 100
      return inWords(WrittenNumber(whole: Scalars(String(year / 100)))) + hundred
        + (rest == 0 ? "" : inWords(WrittenNumber(whole: Scalars(String(rest)))))
    case .ordinal(let number, _) where language == .arabic:
      return OrdinalContext.arabicCentury(DecimalInteger(number.whole).last(4))
    case .ordinal(let number, let form):
      return numbers?.ordinal(DecimalInteger(number.whole)).map {
        // `Willem de derde`.
        let article = language == .dutch && !text[value.range.lowerBound].isASCIIDigit ? "de " : ""
        return article + form.inflect($0, language)
      }
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
    default: return number.plain(language)
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
    if language == .polish, let hour = numbers?.ordinal(DecimalInteger(hours)) {
      let minute = (minutes < 10 ? "zero " : "") + said(minutes)
      return OrdinalForm.feminine.inflect(hour, language) + (minutes == 0 ? "" : " " + minute)
    }
    let isNative = language == .korean && (1...12).contains(hours)
    let hour = language == .chinese && hours == 2 ? "两" : isNative ? KoreanNumbers.native(hours) ?? "" : said(hours)
    let minute = (minutes < 10 ? clock.zero.map { $0 + " " } ?? "" : "") + said(minutes)
    return (minutes == 0 ? clock.fullHour : clock.time).replacing("#", with: hour).replacing("%", with: minute)
  }

  private static let versionWords: [Language: String] = [
    .english: "version", .german: "Version", .french: "version", .spanish: "versión",
  ]

  /// Digits before a full stop would be an ordinal.
  private func inWords(_ number: WrittenNumber) -> String {
    numbers?.cardinal(DecimalInteger(number.whole)) ?? spoken(number)
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

  private func digit(_ digit: Unicode.Scalar) -> String {
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
      return measure(number, "currency/" + currency).map { withoutCountry($0, currency, isExact: isExact) }
    }
    let upstream = Currency.allCases.first { Self.codes[$0] == currency }
    if let upstream, !isExact, ![.arabic, .hungarian, .korean, .russian].contains(language),
      numbers?.amount(PythonFloat(1), upstream) != nil
    {
      let sign = String(Character(upstream.sign))
      return String(number.whole) + (cents.isEmpty ? "" : "." + String(cents)) + sign
    }
    if [.chinese, .japanese, .korean].contains(language) {
      return measure(number, "currency/" + currency).map { withoutCountry($0, currency, isExact: isExact) }
    }
    let units = WrittenNumber(whole: number.whole)
    guard let whole = measure(units, "currency/" + currency) else { return nil }
    let named = withoutCountry(whole, currency, isExact: isExact)
    if cents.isEmpty { return named }
    if cents.count == 1 { cents.append("0") }
    return named + " " + signs[.joint] + " " + spoken(WrittenNumber(whole: Scalars(cents.drop { $0 == "0" })))
  }

  private static let codes: [Currency: String] = [.usDollar: "USD", .euro: "EUR", .poundSterling: "GBP"]

  /// `US dollars` after a bare `$` is `dollars`: the noun of ICU's name, without the country.
  private func withoutCountry(_ words: String, _ currency: String, isExact: Bool) -> String {
    if language == .chinese, currency == "CNY" { return words.replacing("人民币", with: "元") }
    guard !isExact, currency != "GBP" else { return words }
    if language == .japanese { return words.replacing("米ドル", with: "ドル") }
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
    default: return nil
    }
  }

  /// ICU's words with the number in them.
  private func measure(_ number: WrittenNumber, _ skeleton: String) -> String? {
    guard let pattern = MeasureWords.pattern(skeleton, number, language) else { return nil }
    return pattern.replacing(MeasureWords.placeholder, with: spoken(number))
  }

  // MARK: Signs and letters

  private func spoken(_ sign: SpokenSigns.Sign, _ value: WrittenValue, _ text: Scalars) -> String? {
    let isUnary = text.at(text.lastNonSpace(before: value.range.lowerBound))?.isASCIIDigit != true
    var word = signs[sign]
    if isUnary, sign == .minus { word = SpokenSigns.negative[language] ?? word }
    if isUnary, sign == .plus { word = SpokenSigns.positive[language] ?? word }
    if sign == .ratio || sign == .range { return " \(word) " }
    return word.isEmpty ? nil : " \(word) "
  }

  private func spelled(_ letters: Scalars) -> String {
    var parts: [String] = []
    var position = 0
    while position < letters.count {
      let end = max(letters.end(from: position, while: \.isASCIIDigit), position + 1)
      let part = Scalars(letters[position..<end])
      parts.append(part[0].isASCIIDigit ? spoken(WrittenNumber(whole: part)) : letter(part))
      position = end
    }
    return parts.joined(separator: " ")
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

/// Japanese numbers in Chinese characters, which the dictionary reads with their counters.
enum JapaneseNumerals {
  static let digits = ["ゼロ", "一", "二", "三", "四", "五", "六", "七", "八", "九"]
  private static let places = ["", "十", "百", "千"]
  private static let scale = ["", "万", "億", "兆", "京"]

  static func cardinal(_ number: DecimalInteger) -> String? {
    guard !number.isZero else { return digits[0] }
    guard number.digitCount <= scale.count * 4 else { return nil }
    var words = ""
    for (index, digit) in number.digits.enumerated() {
      let place = number.digitCount - index - 1
      if digit > 0 { words += (digit == 1 && place % 4 > 0 ? "" : digits[Int(digit)]) + places[place % 4] }
      let group = number.divided(byPowerOfTen: place).quotient.last(4)
      if place % 4 == 0, group > 0 { words += scale[place / 4] }
    }
    return words
  }
}
