import SpeechCore

/// Numbers with a noun, a scale or a date next to them.
extension ValueSpeaker {
  /// A number whose fraction ends in zeros, which upstream would drop; others as upstream's rules read them.
  func exactly(_ number: WrittenNumber, in text: ArraySlice<Unicode.Scalar>) -> String {
    if language == .korean, number.fraction.isEmpty { return inWords(number) }
    guard number.fraction.last == "0", let mark = Self.decimalMarks[language] else { return spoken(number) }
    let point = text.contains(".") && language.decimalMark == "," ? signs[.point] : mark
    let isCount = [.spanish, .french, .portuguese, .italian].contains(language) && number.fraction.first != "0"
    let fraction =
      isCount ? inWords(WrittenNumber(whole: number.fraction)) : number.fraction.map(digit).joined(separator: " ")
    return "\(inWords(WrittenNumber(whole: number.whole))) \(point) \(fraction)"
  }

  private static let decimalMarks: [Language: String] = [
    .english: "point", .german: "Komma", .spanish: "coma", .french: "virgule", .italian: "virgola",
    .portuguese: "vírgula", .dutch: "komma", .polish: "przecinek", .czech: "celá", .korean: "점", .hungarian: "egész",
  ]

  /// nil where the number's usual words already fit the noun.
  func counted(_ number: WrittenNumber, _ noun: String) -> String? {
    let value = DecimalInteger(number.whole)
    guard let words = cardinal(value) else { return nil }
    let agreed = NumeralAgreement(language: language).agree(words, value, with: noun)
    return agreed == words && number.whole.count < 4 ? nil : agreed
  }

  /// The number in the gender of the noun in ICU's pattern.
  func agreeing(_ number: WrittenNumber, _ pattern: String) -> String? {
    guard number.fraction.isEmpty, NumeralAgreement.languages.contains(language) else { return nil }
    let nouns = pattern.split(separator: " ").map(String.init)
    // Adjectives come before the noun in some languages, after it in others.
    let isNounLast = [.czech, .russian, .german].contains(language)
    guard nouns.count > 1, let noun = isNounLast ? nouns.last : nouns.dropFirst().first else { return nil }
    return counted(number, noun)
  }

  func scaled(_ number: WrittenNumber, _ scale: NumberScale, _ currency: String?, isExact: Bool) -> String? {
    let word = scale.word(for: number, language)
    let isCJK = [.chinese, .japanese, .korean].contains(language)
    let count = agreeing(number, "\(MeasureWords.placeholder) \(word)") ?? exactly(number, in: [])
    let words = count + (isCJK ? "" : " ") + word
    guard let currency else { return words }
    let many = WrittenNumber(whole: ["1", "0", "0"])
    guard let pattern = MeasureWords.pattern("currency/" + currency, many, language) else { return nil }
    let noun = withoutCountry(pattern, currency, isExact: isExact).replacing(MeasureWords.placeholder, with: "").split(
      separator: " "
    ).joined(separator: " ")
    return words + joint(scale, noun) + noun
  }

  /// `cinco millones de dólares`, `cinq millions d'euros`, `dieci mila euro`.
  private func joint(_ scale: NumberScale, _ noun: String) -> String {
    let isCount = ["mil", "mille", "mila"].contains(scale.forms[0])
    switch language {
    case .chinese, .japanese, .korean: return ""
    case .spanish, .portuguese: return isCount ? " " : " de "
    case .italian: return isCount ? " " : " di "
    case .french where !isCount: return noun.first.map { "aeéiouy".contains($0) } == true ? " d'" : " de "
    default: return " "
    }
  }

  /// `dritter Oktober`, `8月15日`.
  func monthDay(_ month: Int, _ day: Int, _ text: Scalars, _ start: Int) -> String? {
    guard let names = PlainDateRule.months(language),
      names.indices.contains(month - 1)
    else { return nil }
    switch language {
    case .chinese, .japanese:
      return
        "\(spoken(WrittenNumber(whole: Scalars(String(month)))))月\(spoken(WrittenNumber(whole: Scalars(String(day)))))日"
    case .korean: return "\(names[month - 1])월 \(spoken(WrittenNumber(whole: Scalars(String(day)))))일"
    default:
      guard let ordinal = numbers?.ordinal(DecimalInteger(day)) else { return nil }
      if language == .turkish {
        return (numbers?.cardinal(DecimalInteger(day)) ?? String(day)) + " " + names[month - 1]
      }
      let before = text.lowerWord(endingAt: text.lastNonSpace(before: start) + 1)
      let ending =
        ["am", "vom", "zum", "dem", "den", "des", "beim"].contains(before) ? "n" : before == "der" ? "" : "r"
      let spokenDay = language == .german ? ordinal + ending : OrdinalForm.genitive.inflect(ordinal, language)
      return spokenDay + " " + names[month - 1]
    }
  }
}

extension PlainDateRule {
  /// The names of the months in a date.
  static func months(_ language: Language) -> [String]? {
    if language == .german {
      return [
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember",
      ]
    }
    guard let entry = table[language] else { return nil }
    let names = entry.months.split(separator: " ").map(String.init)
    return language == .korean ? names.map { $0 == "6" ? "유" : $0 == "10" ? "시" : $0 } : names
  }
}
