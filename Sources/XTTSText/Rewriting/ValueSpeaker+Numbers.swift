import SpeechCore

/// Numbers with a noun, a scale or a date next to them.
extension ValueSpeaker {
  /// A number whose fraction ends in zeros, which upstream would drop; others as upstream's rules read them.
  func exactly(_ number: WrittenNumber, in text: ArraySlice<Unicode.Scalar>) -> String {
    if language == .korean, number.fraction.isEmpty { return inWords(number) }
    guard number.fraction.last == "0", let mark = Self.decimalMarks[language] else { return spoken(number) }
    let written = text.dropLast(number.fraction.count).last
    let point = written == "." && language.decimalMark == "," ? signs[.point] : mark
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
    return agreed == words && number.whole.count < 4 && language != .arabic ? nil : agreed
  }

  /// The number in the gender of the noun in ICU's pattern.
  func agreeing(_ number: WrittenNumber, _ pattern: String, isNoun: Bool = true) -> String? {
    guard isNoun, number.fraction.isEmpty, NumeralAgreement.languages.contains(language) else { return nil }
    let nouns = pattern.split(separator: " ").map(String.init)
    // Adjectives come before the noun in some languages, after it in others.
    let isNounLast = [.czech, .russian, .german].contains(language)
    guard nouns.count > 1, let noun = isNounLast ? nouns.last : nouns.dropFirst().first else { return nil }
    return counted(number, noun)
  }

  func scaled(
    _ number: WrittenNumber, _ scale: NumberScale, _ currency: String?, isExact: Bool, form: MeasureForm
  ) -> String? {
    let word = scale.word(for: form.counted(number), language)
    let isCJK = [.chinese, .japanese, .korean].contains(language)
    let usual = agreeing(number, "\(MeasureWords.placeholder) \(word)") ?? exactly(number, in: [])
    let count = form.number.flatMap { inWords($0, number) } ?? usual
    let words = count + (isCJK ? "" : " ") + word
    guard let currency else { return words }
    let many = WrittenNumber(whole: form.isAttributive ? ["1"] : ["1", "0", "0"])
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

  /// The case of a whole number among the words around it.
  func inCase(_ value: WrittenValue, _ text: Scalars) -> NumberCase? {
    NumberCase(language: language, around: value.range, in: text)
  }

  func inWords(_ form: NumberCase, _ number: WrittenNumber, _ noun: String = "") -> String? {
    guard number.fraction.isEmpty, let words = cardinal(DecimalInteger(number.whole)) else { return nil }
    let agreed = noun.isEmpty ? words : counted(number, noun) ?? words
    return form.inflect(agreed, language)
  }
}

/// The place of the noun of a unit or a currency in its sentence.
struct MeasureForm: Sendable {
  static let usual = MeasureForm()

  /// The genitive after a preposition: `до двух километров`.
  var number: NumberCase?
  /// Before another noun in English: `a five million dollar deal`.
  var isAttributive = false

  private init() {}

  init(_ speaker: ValueSpeaker, _ value: WrittenValue, _ text: Scalars) {
    let before = text.word(before: value.range.lowerBound)
    let form = NumberCase(language: speaker.language, around: value.range, in: text, usesNoun: false)
    if form == .genitive { number = form }
    guard speaker.language == .english, Self.determiners.contains(before), text.at(value.range.upperBound) == " " else {
      return
    }
    let noun = text.word(at: value.range.upperBound + 1)
    isAttributive = noun.count > 2 && noun.first?.isLetter == true && !Self.functionWords.contains(noun)
  }

  /// The number whose plural form the noun takes.
  func counted(_ number: WrittenNumber) -> WrittenNumber {
    if isAttributive { return WrittenNumber(whole: ["1"]) }
    guard self.number != nil, number.fraction.isEmpty, let last = number.whole.last else { return number }
    // The genitive singular and plural are the forms for two and for five.
    return WrittenNumber(whole: last == "1" && number.whole.suffix(2) != ["1", "1"] ? ["2"] : ["5"])
  }

  private static let determiners: Set<String> = [
    "a", "an", "the", "this", "that", "another", "every", "each", "its", "their", "our", "his", "her", "my", "your",
    "first", "new",
  ]
  private static let functionWords: Set<String> = [
    "and", "for", "was", "were", "are", "that", "which", "who", "per", "each", "from", "with", "into", "than", "more",
    "less", "but", "had", "has", "have", "will", "would", "can", "could", "apart", "away", "long", "wide", "high",
    "tall", "deep", "ago", "later", "after", "before", "over", "below", "above", "spent", "paid", "left",
  ]
}
