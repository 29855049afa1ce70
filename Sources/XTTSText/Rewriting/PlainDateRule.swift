import SpeechCore

/// ISO dates in the languages that have no other extended rules: day, month by name, year.
struct PlainDateRule: RewriteRule {
  private let pattern: String
  private let months: [String]

  init?(language: Language) {
    guard let entry = Self.table[language] else { return nil }
    pattern = entry.pattern
    months = entry.months.split(separator: " ").map(String.init)
  }

  /// `#` day, `@` month, `%` year; months in the grammatical case of a date.
  private static let table: [Language: (pattern: String, months: String)] = [
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
      "#. @ %", "ledna února března dubna května června července srpna září října listopadu prosince"
    ),
    .hungarian: (
      "% @ #.",
      "január február március április május június július augusztus szeptember október november december"
    ),
    .arabic: ("# @ %", "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"),
    .hindi: ("# @ %", "जनवरी फ़रवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर"),
    .korean: ("%년 @월 #일", "1 2 3 4 5 6 7 8 9 10 11 12"),
    .chinese: ("%年@月#日", "1 2 3 4 5 6 7 8 9 10 11 12"),
    .japanese: ("%年@月#日", "1 2 3 4 5 6 7 8 9 10 11 12"),
  ]

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    guard let year = text.number(at: position), year.end - position == 4, text.at(year.end) == "-",
      let month = text.number(at: year.end + 1), month.end - year.end == 3, text.at(month.end) == "-",
      let day = text.number(at: month.end + 1), day.end - month.end == 3, text.endsToken(at: day.end),
      let date = CalendarDate(year: year.value, month: month.value, day: day.value)
    else { return nil }
    let spoken =
      pattern.replacing("#", with: String(date.day)).replacing("@", with: months[date.month - 1])
      .replacing("%", with: String(date.year))
    return RewriteMatch(end: day.end, words: spoken)
  }
}
