import SpeechCore

/// Dates in the words of one language.
struct DateWords: Sendable {
  let language: Language
  let numbers: (any NumberWords)?

  /// `#` day, `@` month, `%` year; months in the grammatical case of a date.
  private static let table: [Language: (pattern: String, months: String)] = [
    .english: (
      "@ #, %", "January February March April May June July August September October November December"
    ),
    .spanish: (
      "# de @ de %",
      "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
    ),
    .french: ("# @ %", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
    .german: ("# @ %", "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
    .italian: (
      "# @ %", "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"
    ),
    .portuguese: (
      "# de @ de %", "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"
    ),
    .polish: (
      "# @ % roku",
      "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"
    ),
    .turkish: ("# @ %", "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık"),
    .russian: ("# @ % года", "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
    .dutch: ("# @ %", "januari februari maart april mei juni juli augustus september oktober november december"),
    .czech: (
      "# @ %", "ledna února března dubna května června července srpna září října listopadu prosince"
    ),
    .hungarian: (
      "% @ #", "január február március április május június július augusztus szeptember október november december"
    ),
    .arabic: ("# @ %", "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"),
    .hindi: ("# @ %", "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर"),
    .korean: ("%년 @월 #일", "1 2 3 4 5 유 7 8 9 시 11 12"),
    .chinese: ("%年@月#日", "1 2 3 4 5 6 7 8 9 10 11 12"),
    .japanese: ("%年@月#日", "一 二 三 四 五 六 七 八 九 十 十一 十二"),
  ]

  private static let monthNames = table.mapValues { $0.months.split(separator: " ").map(String.init) }

  /// The names of the months in a date, January first.
  static func months(_ language: Language) -> [String] { monthNames[language] ?? [] }

  /// - Parameter before: the word before the date, in lower case.
  func spoken(_ date: CalendarDate, after before: String) -> String {
    (Self.table[language]?.pattern ?? "# @ %").replacing("#", with: day(date.day, after: before))
      .replacing("@", with: Self.months(language)[date.month - 1]).replacing("%", with: year(date.year))
  }

  /// `dritter Oktober`, `8月15日`.
  func spoken(month: Int, day number: Int, after before: String) -> String {
    let pattern = Self.table[language]?.pattern ?? ""
    let words = pattern.prefix { $0 != "%" }.contains("#") ? pattern.prefix { $0 != "%" } : pattern.drop { $0 != "@" }
    let ending = language == .portuguese || language == .spanish ? " de " : ""
    let trimmed = words.hasSuffix(ending) ? words.dropLast(ending.count) : words
    return String(trimmed).replacing("#", with: day(number, after: before))
      .replacing("@", with: Self.months(language)[month - 1])
      .replacing(",", with: "").split(separator: " ").joined(separator: " ")
  }

  static let saysRangesOfDays: Set<Language> = [.german, .polish, .russian, .czech]

  /// `dritter bis fünfter`, `od trzeciego do piątego`.
  func spoken(days first: Int, _ last: Int, after before: String) -> String {
    switch language {
    case .german: "\(day(first, after: before)) bis \(day(last, after: before))"
    case .polish: "\(before == "od" ? "" : "od ")\(genitive(first)) do \(genitive(last))"
    case .russian:
      "\(before == "с" ? "" : "с ")\(genitive(first)) по \(OrdinalForm.neuter.inflect(ordinal(last), language))"
    default: "\(genitive(first)) až \(genitive(last))"
    }
  }

  func year(_ year: Int) -> String {
    language == .polish || language == .russian ? genitive(year) : YearWords.spoken(year, language, numbers)
  }

  private func day(_ day: Int, after before: String) -> String {
    switch language {
    case .english: return ordinal(day)
    case .german: return ordinal(day) + GermanEndings.ordinal(after: before)
    case .polish, .russian, .czech: return genitive(day)
    case .hungarian: return numbers.map { HungarianDay.spoken(day, $0) } ?? String(day)
    case .turkish: return numbers?.cardinal(DecimalInteger(day)) ?? String(day)
    case .japanese: return JapaneseNumerals.cardinal(DecimalInteger(day)) ?? String(day)
    default: return day == 1 ? Self.first[language] ?? "1" : String(day)
    }
  }

  private static let first: [Language: String] = [
    .spanish: "primero", .french: "premier", .italian: "primo", .portuguese: "primeiro",
  ]

  private func ordinal(_ value: Int) -> String { numbers?.ordinal(DecimalInteger(value)) ?? String(value) }

  private func genitive(_ value: Int) -> String {
    numbers?.ordinal(DecimalInteger(value)).map { OrdinalForm.genitive.inflect($0, language) } ?? String(value)
  }
}

/// A day that exists.
struct CalendarDate: Equatable {
  var year: Int
  var month: Int
  var day: Int

  init?(year: Int, month: Int, day: Int) {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1000...2999).contains(year), (1...12).contains(month), day >= 1, day <= lengths[month - 1] else {
      return nil
    }
    self.year = year
    self.month = month
    self.day = day
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

/// The ending of a German ordinal by the word before it: `am dritten`, `der dritte`, `mein dritter`, `dritter`.
enum GermanEndings {
  static func ordinal(after before: String, noun: String = "") -> String {
    switch before {
    case "am", "vom", "zum", "dem", "den", "des", "beim", "im", "zur", "einem", "einer", "eines", "einen", "meinem",
      "meinen", "seinem", "seinen", "ihrem", "ihren", "unserem", "unseren", "diesem", "diesen", "jedem", "jeden",
      "deren", "dessen", "ab", "seit", "bis", "nach", "vor", "bei", "mit", "in", "auf", "zu", "pro":
      return "n"
    case "der", "das", "die", "diese", "dieser", "dieses", "jede", "jeder", "jedes", "eine", "meine", "seine", "ihre",
      "unsere", "keine", "deine":
      return ""
    case let word where !word.isEmpty && DateWords.months(.german).contains(where: { $0.lowercased() == noun }):
      return "n"
    default: return isFeminine(noun) ? "" : isNeuter(noun) ? "s" : "r"
    }
  }

  private static func isFeminine(_ noun: String) -> Bool {
    NumeralAgreement.germanFeminine.contains(where: noun.hasSuffix)
      || ["klasse", "liga", "etappe", "auflage"].contains(noun)
  }

  private static func isNeuter(_ noun: String) -> Bool {
    ["mal", "kind", "jahr", "buch", "spiel", "tor", "quartal", "semester", "jahrhundert", "haus", "bild", "kapitel"]
      .contains(noun) || ["chen", "ment", "um"].contains(where: noun.hasSuffix)
  }
}
