import SpeechCore

/// Money, measures and percent: ICU's words with the number in the form that the language needs.
extension ValueSpeaker {
  func amount(_ number: WrittenNumber, _ currency: String, isExact: Bool, form: MeasureForm) -> String? {
    var cents = number.fraction.allSatisfy { $0 == "0" } ? [] : number.fraction
    let isDecimal = isIdeographic && Subunits.words(1, currency, language) == nil
    guard cents.count <= 2, cents.isEmpty || !isDecimal else {
      return priced(number, currency, isExact: isExact)
    }
    let units = WrittenNumber(whole: number.whole)
    if cents.count == 1 { cents.append("0") }
    let hundredths = cents.reduce(0) { $0 * 10 + $1.digitValue }
    let subunit = Subunits.words(hundredths, currency, language)
    if let subunit, !cents.isEmpty, isIdeographic {
      return (whole(units, currency, isExact: isExact, form) ?? "") + (language == .korean ? " " : "")
        + spoken(WrittenNumber(whole: Scalars(String(hundredths))))
        + subunit.noun
    }
    let fraction = subunit.map { hundredthsInWords(hundredths, $0) } ?? said(hundredths)
    if number.whole == ["0"], !cents.isEmpty, subunit != nil { return fraction }
    guard let named = whole(units, currency, isExact: isExact, form) else { return nil }
    return cents.isEmpty ? named : [named, Self.centJoints[language] ?? signs[.joint], fraction].joined(separator: " ")
  }

  private static let centJoints: [Language: String] = [.french: "et", .italian: "e", .dutch: "en", .turkish: ""]

  private func hundredthsInWords(_ count: Int, _ subunit: (noun: String, isFeminine: Bool)) -> String {
    let words = counted(WrittenNumber(whole: Scalars(String(count))), subunit.noun) ?? said(count)
    return words + " " + subunit.noun
  }

  /// As upstream says it where that is right.
  private func whole(_ number: WrittenNumber, _ currency: String, isExact: Bool, _ form: MeasureForm) -> String? {
    guard form.number == nil, !form.isAttributive,
      let upstream = Currency.allCases.first(where: { Self.codes[$0] == currency }), !isExact,
      ![.arabic, .hungarian, .korean, .russian, .portuguese, .czech].contains(language),
      language != .english || upstream != .poundSterling, let spoken = numbers?.amount(PythonFloat(1), upstream),
      !spoken.isEmpty, let amount = PythonFloat(String(number.whole)).flatMap({ numbers?.amount($0, upstream) })
    else { return priced(number, currency, isExact: isExact, form: form) }
    return CurrencyExpansion.cut(amount, atLast: numbers?.centsSeparator ?? ",")
  }

  /// Three to ten take the plural, which CLDR does not have.
  private func arabicPlural(_ words: String, _ number: WrittenNumber) -> String {
    guard language == .arabic, number.fraction.isEmpty, number.whole.count <= 2,
      (3...10).contains(DecimalInteger(number.whole).last(2))
    else { return words }
    return words.split(separator: " ").map { Self.arabicPlurals[String($0)] ?? String($0) }.joined(separator: " ")
  }

  private static let arabicPlurals = [
    "دولار": "دولارات", "ريال": "ريالات", "جنيه": "جنيهات", "درهم": "دراهم", "دينار": "دنانير", "كيلومتر": "كيلومترات",
    "كيلوغرام": "كيلوغرامات", "متر": "أمتار", "غرام": "غرامات", "لتر": "لترات", "درجة": "درجات",
  ]

  private static let codes: [Currency: String] = [.usDollar: "USD", .euro: "EUR", .poundSterling: "GBP"]

  func priced(_ number: WrittenNumber, _ currency: String, isExact: Bool, form: MeasureForm = .usual) -> String? {
    guard let pattern = MeasureWords.pattern("currency/" + currency, form.counted(number), language) else { return nil }
    let words = arabicPlural(withoutCountry(pattern, currency, isExact: isExact), number)
    return form.number.flatMap { inWords($0, number) }.map { words.replacing(MeasureWords.placeholder, with: $0) }
      ?? said(number, in: words)
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

  func percent(_ number: WrittenNumber, form: MeasureForm) -> String? {
    switch language {
    case .chinese: return "百分之" + spoken(number)
    case .korean: return spoken(number) + " 퍼센트"
    case .arabic: return spoken(number) + " بالمئة"
    case .russian, .czech, .polish, .turkish, .japanese, .hindi: return measure(number, "percent", form: form)
    default:
      return
        (agreeing(
          number, "\(MeasureWords.placeholder) \(SpokenSigns.percent[language] ?? "")", isNoun: language == .hungarian)
        ?? exactly(number, in: [])) + " " + (SpokenSigns.percent[language] ?? "")
    }
  }

  /// ICU's words with the number in them.
  func measure(_ number: WrittenNumber, _ skeleton: String, form: MeasureForm = .usual) -> String? {
    guard let usual = MeasureWords.pattern(skeleton, form.counted(number), language) else { return nil }
    let pattern = arabicPlural(usual, number)
    return form.number.flatMap { form in
      agreeing(number, pattern).map { form.inflect($0, language) } ?? inWords(form, number)
    }.map { pattern.replacing(MeasureWords.placeholder, with: $0) } ?? said(number, in: pattern)
  }

  private func said(_ number: WrittenNumber, in pattern: String) -> String {
    // Digits before a full stop would be an ordinal: `yüzde 20.`
    let isLast = pattern.hasSuffix(MeasureWords.placeholder) && number.fraction.isEmpty
    return pattern.replacing(
      MeasureWords.placeholder,
      with: agreeing(number, pattern) ?? (isLast ? inWords(number) : exactly(number, in: []))
    )
    .replacing("una ora", with: "un'ora")
  }
}
