import SpeechCore

/// Dates in digits in the languages that have no other extended rules: day, month by name, year.
struct PlainDateRule: RewriteRule {
  private let pattern: String
  private let months: [String]

  private let language: Language
  private let numbers: (any NumberWords)?
  private let isDaysFirst: Bool

  init?(language: Language, numbers: (any NumberWords)?) {
    self.language = language
    self.numbers = numbers
    isDaysFirst = ![.chinese, .japanese, .korean, .hungarian].contains(language)
    guard let entry = Self.table[language] else { return nil }
    pattern = entry.pattern
    let names = entry.months.split(separator: " ").map(String.init)
    months =
      language == .japanese
      ? (1...12).map { JapaneseNumerals.cardinal(DecimalInteger($0)) ?? "" }
      : language == .korean ? names.map { $0 == "6" ? "유" : $0 == "10" ? "시" : $0 } : names
  }

  /// `#` day, `@` month, `%` year; months in the grammatical case of a date.
  static let table: [Language: (pattern: String, months: String)] = [
    .polish: (
      "# @ % roku",
      "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
    ),
    .turkish: ("# @ %", "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık"),
    .russian: (
      "# @ % года", "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
    ),
    .dutch: ("# @ %", "januari februari maart april mei juni juli augustus september oktober november december"),
    .czech: (
      "# @ %", "ledna února března dubna května června července srpna září října listopadu prosince"
    ),
    .hungarian: (
      "% @ #",
      "január február március április május június július augusztus szeptember október november december"
    ),
    .arabic: ("# @ %", "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"),
    .hindi: ("# @ %", "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर"),
    .korean: ("%년 @월 #일", "1 2 3 4 5 6 7 8 9 10 11 12"),
    .chinese: ("%年@月#日", "1 2 3 4 5 6 7 8 9 10 11 12"),
    .japanese: ("%年@月#日", "1 2 3 4 5 6 7 8 9 10 11 12"),
  ]

  static let hungarianMonths = Set((table[.hungarian]?.months ?? "").split(separator: " ").map(String.init))

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    guard let first = text.number(at: position), let mark = text.at(first.end), "-/.".unicodeScalars.contains(mark),
      let second = text.number(at: next(text, after: first.end)), second.end - first.end <= 4,
      text.at(second.end) == mark, let third = text.number(at: next(text, after: second.end)),
      text.endsToken(at: third.end)
    else { return nil }
    let isYearFirst = first.end - position == 4
    let last = third.end - second.end - 1
    guard isYearFirst ? last <= 2 : isDaysFirst && first.end - position <= 2 && last >= 4,
      let date = isYearFirst
        ? CalendarDate(year: first.value, month: second.value, day: third.value)
        : CalendarDate(year: third.value, month: second.value, day: first.value)
    else { return nil }
    let spoken = pattern.replacing("#", with: day(date.day)).replacing("@", with: months[date.month - 1])
      .replacing("%", with: year(date.year))
    // `15.08.2023 г.`: the pattern already says the word.
    var end = third.end
    for word in [" г.", " r.", " года", " roku"] where pattern.hasSuffix("года") || pattern.hasSuffix("roku") {
      if text.matches(Scalars(word), at: end) { end += word.unicodeScalars.count }
    }
    return RewriteMatch(end: end, words: spoken)
  }

  private func day(_ day: Int) -> String {
    switch language {
    case .polish, .russian, .czech: genitive(day)
    case .hungarian: numbers.map { HungarianDay.spoken(day, $0) } ?? String(day)
    case .japanese: JapaneseNumerals.cardinal(DecimalInteger(day)) ?? String(day)
    default: String(day)
    }
  }

  private func year(_ year: Int) -> String {
    switch language {
    case .polish, .russian: genitive(year)
    case .japanese: JapaneseNumerals.cardinal(DecimalInteger(year)) ?? String(year)
    // A full stop after digits would make them an ordinal.
    case .czech, .turkish, .hungarian: numbers?.cardinal(DecimalInteger(year)) ?? String(year)
    default: String(year)
    }
  }

  private func genitive(_ value: Int) -> String {
    numbers?.ordinal(DecimalInteger(value)).map { OrdinalForm.genitive.inflect($0, language) } ?? String(value)
  }

  /// `3. 5. 2024` has spaces after its points.
  private func next(_ text: Scalars, after mark: Int) -> Int {
    text.at(mark) == "." && text.at(mark + 1) == " " ? mark + 2 : mark + 1
  }
}

/// `harmadika`, `ötödike`, `elseje`: days of a month.
enum HungarianDay {
  static func spoken(_ day: Int, _ numbers: any NumberWords) -> String {
    if day == 1 { return "elseje" }
    let words = numbers.ordinal(DecimalInteger(day)) ?? String(day)
    let vowel = words.last(where: { "aáoóuúeéöőüűií".contains($0) && $0 != "i" }) ?? "e"
    return words + ("aáoóuú".contains(vowel) ? "a" : "e")
  }

  /// `3-án`, `1-jén`.
  static func spoken(_ day: Int, suffix: Scalars, _ numbers: any NumberWords) -> String {
    if day == 1 { return "else" + (suffix.first == "j" ? "" : "j") + String(suffix) }
    return (numbers.ordinal(DecimalInteger(day)) ?? String(day))
      + String(suffix.first == "j" ? Scalars(suffix.dropFirst()) : suffix)
  }
}
