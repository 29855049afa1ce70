import SpeechCore

/// Says typed values in one language. Plain numbers stay digits where upstream's rules read them.
struct ValueSpeaker: Sendable {
  let language: Language
  let numbers: (any NumberWords)?
  let signs: SpokenSigns
  private let fractions: Fractions
  private let dates: DateWords
  private let clock: ClockWords

  init(language: Language, numbers: (any NumberWords)?) {
    self.language = language
    self.numbers = numbers
    signs = SpokenSigns(language)
    fractions = Fractions(language: language, numbers: numbers)
    dates = DateWords(language: language, numbers: numbers)
    clock = ClockWords(language: language, numbers: numbers)
  }

  /// nil where the language has no words for it.
  func words(for value: WrittenValue, in text: Scalars) -> String? {
    switch value.kind {
    // In words where a full stop after digits would make them an ordinal: `Kapitel IV.`
    case .number(let number) where !text[value.range.lowerBound].isASCIIDigit && !isIdeographic:
      return inWords(number)
    case .number(let number):
      return inCase(value, text).flatMap { inWords($0, number) } ?? exactly(number, in: text[value.range])
    case .counted(let number, let noun):
      return inCase(value, text).flatMap { inWords($0, number, noun) } ?? counted(number, noun)
    case .scaled(let number, let scale, let currency, let isExact):
      return scaled(number, scale, currency, isExact: isExact, form: MeasureForm(self, value, text)).map {
        padded($0, value, text)
      }
    case .feet(let feet, let inches):
      let parts = [(feet, "unit/foot"), (inches, "unit/inch")].compactMap {
        measure(WrittenNumber(whole: Scalars(String($0.0))), $0.1)
      }
      return parts.joined(separator: " ")
    case .years(let first, let last, let isRange):
      if language == .russian, text.matches(Scalars(" гг."), at: value.range.upperBound) {
        let form = before(value, text) == "в" ? OrdinalForm.locative : .nominative
        return [first, last].compactMap { numbers?.ordinal(DecimalInteger($0)).map { form.inflect($0, language) } }
          .joined(separator: " ")
      }
      let joint = isRange ? " \(signs[.range]) " : language == .english && last < 10 ? " oh " : " "
      return YearWords.spoken(first, language, numbers) + joint + YearWords.spoken(last, language, numbers)
    case .date(let date): return dates.spoken(date, after: before(value, text))
    case .monthDay(let month, let day): return dates.spoken(month: month, day: day, after: before(value, text))
    case .days(let first, let last): return dates.spoken(days: first, last, after: before(value, text))
    case .day(let day, let month, let year):
      let ordinal = numbers?.ordinal(DecimalInteger(day)) ?? String(day)
      let spokenYear = year.map { YearWords.spoken($0, language, numbers) }
      guard let month else { return ordinal + (spokenYear.map { ", " + $0 } ?? "") }
      let hasComma = text[value.range].contains(",")
      return (before(value, text) == "the" ? "" : "the ") + ordinal + " of " + DateWords.months(language)[month - 1]
        + (spokenYear.map { (hasComma ? ", " : " ") + $0 } ?? "")
    case .decade(let year):
      let rest = year % 100
      let tens = rest == 0 ? "hundreds" : said(rest).replacing(/y$/, with: "ie") + "s"
      return year < 100 ? tens : said(year / 100) + " " + tens
    case .money(let number, let currency, let isExact):
      return amount(number, currency, isExact: isExact, form: MeasureForm(self, value, text)).map {
        padded($0, value, text)
      }
    case .moneyRange(let first, let last, let currency, let isExact):
      return priced(last, currency, isExact: isExact).map {
        [exactly(first, in: []), signs[.range], $0].joined(separator: " ")
      }
    case .measure(let number, let unit):
      return measure(number, "unit/" + unit, form: MeasureForm(self, value, text)).map { padded($0, value, text) }
    case .percent(let number):
      // `100%ige`
      return percent(number, form: MeasureForm(self, value, text)).map {
        language == .german ? $0 : padded($0, value, text)
      }
    case .digits(let groups, _)
    where language == .chinese && groups.count == 1 && groups[0].count == 3 && groups[0][0] != "0":
      return groups[0].map { $0 == "1" ? "幺" : digit($0) }.joined()
    case .digits(let groups, let isInternational):
      let spoken = groups.map { $0.map(digit).joined(separator: " ") }.joined(separator: ", ")
      return (isInternational ? (SpokenSigns.positive[language] ?? signs[.plus]) + " " : "") + spoken
    case .version(let parts):
      let name = text[value.range.lowerBound] == "v" ? Self.versionWords[language] ?? "v" : nil
      return (name.map { $0 + " " } ?? "")
        + parts.map { inWords(WrittenNumber(whole: $0)) }.joined(separator: " \(signs[.point]) ")
    case .score(let first, let second):
      let isRatio = first.whole == ["1"] && second.whole.count > 1
      guard isRatio, let (word, form) = Self.ratios[language] else {
        return [inWords(first), signs[.ratio], inWords(second)].joined(separator: " ")
      }
      return [inWords(first), word, form.map { $0.inflect(inWords(second), language) } ?? inWords(second)]
        .joined(separator: " ")
    case .time(let hours, let minutes, let seconds, let half):
      let before = before(value, text, skippingPoint: language == .polish)
      if !half.isEmpty, minutes == 0 { return said(hours) + half }
      // `od dziewiątej do siedemnastej`
      let isStart = language == .polish && before != "od" && isTimeRange(text, value.range.upperBound)
      let isEnd = text.at(value.range.lowerBound - 1).map { $0 == "-" || $0 == "–" } == true
      return clock.spoken(hours, minutes, seconds, after: isStart ? "od" : isEnd ? "-" : before).map {
        (isStart ? "od " : "") + $0 + half
      }
    case .suffixed(let number, let word): return inWords(number) + " " + word
    case .pair(let first, let second): return inWords(first) + " " + inWords(second)
    case .power(let base, let exponent):
      let words = signs[.power].split(separator: " ").map(String.init)
      guard [.chinese, .japanese, .korean, .hungarian].contains(language), words.count == 2 else {
        return "\(spoken(base)) \(signs[.power]) \(inWords(exponent)) "
      }
      let space = language == .hungarian ? " " : ""
      return "\(spoken(base))\(space)\(words[0]) \(inWords(exponent)) \(words[1])"
    case .year(let year): return YearWords.spoken(year, language, numbers)
    case .ordinal(let number, _) where language == .arabic:
      return OrdinalContext.arabicCentury(DecimalInteger(number.whole).last(4))
    case .ordinal(let number, let form)
    where language == .hungarian && (form != .nominative || text[value.range].contains("-")):
      guard let numbers else { return nil }
      let day = DecimalInteger(number.whole).last(4)
      guard let dash = text[value.range].firstIndex(of: "-") else { return HungarianDay.spoken(day, numbers) }
      return HungarianDay.spoken(day, suffix: Scalars(text[(dash + 1)..<value.range.upperBound]), numbers)
    case .ordinal(let number, _)
    where language == .hindi && !text[value.range.lowerBound].isASCIIDigit
      && number.whole.count == 1:
      return Self.hindiRulers[DecimalInteger(number.whole).last(1) - 1]
    case .ordinal(let number, let form):
      let article = article(form, value, text)
      return numbers?.ordinal(DecimalInteger(number.whole)).map { article + form.inflect($0, language) }
    case .ordinalAdjective(let number, let noun):
      return numbers?.ordinal(DecimalInteger(number.whole)).map {
        $0 + GermanEndings.ordinal(after: before(value, text), noun: noun)
      }
    case .fraction(let whole, let over, let under):
      let noun = text.at(value.range.upperBound) == " " ? text.word(at: value.range.upperBound + 1) : ""
      return fractions.spoken(whole, over, under, before: noun, half: signs[.half])
    case .count(let number, let counter):
      guard language == .korean else { return "两" + counter }
      return (KoreanNumbers.native(DecimalInteger(number.whole).last(2)) ?? spoken(number)) + " " + counter
    // `§5`, `C/Mayor`
    case .abbreviation(let long) where !text[value.range.upperBound - 1].isWord: return padded(long, value, text)
    case .abbreviation(let long): return long
    case .sign(let sign): return spoken(sign, value, text)
    case .letters(let letters): return spelled(letters)
    }
  }

  /// - Parameter skippingPoint: whether a short form before the value counts: `godz. 15.30`.
  private func before(_ value: WrittenValue, _ text: Scalars, skippingPoint: Bool = false) -> String {
    let last = text.lastNonSpace(before: value.range.lowerBound)
    return text.lowerWord(endingAt: skippingPoint && last > 0 && text[last] == "." ? last : last + 1)
  }

  /// `1:100` in the languages that say only the numbers of a score.
  private static let ratios: [Language: (String, NumberCase?)] = [
    .polish: ("do", .genitive), .russian: ("к", .dative), .czech: ("ku", .dative), .dutch: ("op", nil),
    .turkish: ("bölü", nil), .hungarian: ("az", nil), .hindi: ("अनुपात", nil), .arabic: ("إلى", nil),
    .english: ("to", nil),
  ]

  var isIdeographic: Bool { [.chinese, .japanese, .korean].contains(language) }

  func said(_ value: Int) -> String { numbers?.cardinal(DecimalInteger(value)) ?? String(value) }

  /// `Louis the fourteenth`, `Ludwig der Vierzehnte`: the article before the ordinal of a ruler.
  private func article(_ form: OrdinalForm, _ value: WrittenValue, _ text: Scalars) -> String {
    guard !text[value.range.lowerBound].isASCIIDigit,
      !["the", "der", "die", "des", "dem", "das", "de", "het"].contains(before(value, text))
    else { return "" }
    switch language {
    case .english: return "the "
    case .dutch: return "de "
    case .german:
      return form == .genitive ? "des " : form == .dative ? "dem " : form == .nominativeFeminine ? "die " : "der "
    default: return ""
    }
  }

  private static let hindiRulers = ["प्रथम", "द्वितीय", "तृतीय", "चतुर्थ", "पंचम", "षष्ठ", "सप्तम", "अष्टम", "नवम"]

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
    case .arabic: return inWords(number)
    case .spanish where !number.fraction.isEmpty:
      return "\(inWords(WrittenNumber(whole: number.whole))) coma \(fraction(number.fraction))"
    case .czech where !number.fraction.isEmpty:
      return "\(czechWholes(number.whole)) \(fraction(number.fraction))"
    // Upstream writes the hundreds in one word.
    case .czech where number.fraction.isEmpty: return inWords(number)
    case .italian where number.fraction.isEmpty && number.whole.count > 2: return inWords(number)
    default: return number.plain(language)
    }
  }

  /// One or two digits without a zero in front are a number; others are read one by one.
  private func fraction(_ digits: Scalars) -> String {
    digits.count <= 2 && digits[0] != "0"
      ? inWords(WrittenNumber(whole: digits)) : digits.map(digit).joined(separator: " ")
  }

  /// `jedna celá`, `dvě celé`, `pět celých`.
  private func czechWholes(_ whole: Scalars) -> String {
    let value = DecimalInteger(whole)
    let words = inWords(WrittenNumber(whole: whole))
    let agreed = NumeralAgreement(language: .czech).agree(words, value, with: "stránka")
    return agreed + (value.last(4) < 2 ? " celá" : value.last(4) < 5 ? " celé" : " celých")
  }

  /// Without upstream's misspellings.
  func cardinal(_ value: DecimalInteger) -> String? {
    let words = numbers?.cardinal(value)
    return switch language {
    case .czech: words?.replacing("dvěstě", with: "dvě stě")
    case .italian: words?.replacing("dicotto", with: "diciotto")
    case .hungarian: words?.replacing("kettőezer", with: "kétezer").replacing("kettőmilli", with: "kétmilli")
    case .arabic: words.map { $0 == "مئتا" ? "مئتان" : $0 == "ألفا" ? "ألفان" : $0 }
    default: words
    }
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
      if part == [" "] {
        position = end
        continue
      }
      parts.append(part == ["."] ? signs[.point] : part[0].isASCIIDigit ? group(part, letters) : letter(part))
      position = end
    }
    return parts.joined(separator: " ")
  }

  /// A number among letters: digit by digit where it is long or a code.
  private func group(_ digits: Scalars, _ letters: Scalars) -> String {
    let isCode = digits.count > 3 || letters.contains(" ") || digits.count > 1 && digits[0] == "0"
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
