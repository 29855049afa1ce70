import SpeechCore

/// The words the extended rules say in one language.
struct SpokenWords: Sendable {
  typealias Pair = (one: String, many: String)

  var language: Language
  var numbers: any NumberWords
  /// January first, as they stand in a date.
  var months: [String]
  /// Day, month and year in the order and with the words of the language; `#` day, `@` month, `%` year.
  var datePattern: String
  /// The first of a month, where it is not said like other days.
  var firstOfMonth: String?
  /// Whether `3/5` in a date is the fifth of March.
  var monthFirst = false
  /// `#` hours and `%` minutes; then the full hour.
  var timePattern: String
  var fullHourPattern: String
  /// Words after a time that the pattern already says.
  var hourWords: [String]
  /// Of `. / - _ @ : ? = & # ~ + %`.
  var webWords: [String]
  /// Denominators 2 to 10.
  var denominators: [Pair]
  /// One, as the numerator of a fraction.
  var oneOf: (half: String, other: String)
  /// Words after which a four-digit number is a year.
  var yearWords: Set<String>
  /// Words before a Roman numeral that make it a count, lower case.
  var countedWords: Set<String>
  /// Words before a Roman numeral that make it an ordinal.
  var ordinalWords: Set<String>
  /// Rulers up to this number are said with an ordinal, above it with a cardinal.
  var highestRulerOrdinal: Int
  /// The article before a ruler's ordinal.
  var rulerArticle = ""

  /// The words for the signs of web addresses, in the order of ``webWords``, in the languages without other words here.
  static func webWords(_ language: Language) -> [String] {
    (plainWebWords[language] ?? "").split(separator: " ").map { String($0.replacing("_", with: " ")) }
  }

  private static let plainWebWords: [Language: String] = [
    .polish: "kropka ukośnik myślnik podkreślnik małpa dwukropek znak_zapytania równa_się i krzyżyk tylda plus procent",
    .turkish: "nokta eğik_çizgi tire alt_çizgi et iki_nokta soru_işareti eşittir ve diyez tilde artı yüzde",
    .russian: "точка слэш дефис подчёркивание собака двоеточие вопросительный_знак равно и решётка тильда плюс процент",
    .dutch: "punt schuine_streep streepje liggend_streepje apenstaartje dubbele_punt vraagteken is en hekje tilde plus "
      + "procent",
    .czech: "tečka lomítko pomlčka podtržítko zavináč dvojtečka otazník rovná_se a křížek vlnovka plus procento",
    .hungarian: "pont perjel kötőjel aláhúzás kukac kettőspont kérdőjel egyenlő és kettőskereszt hullámvonal plusz "
      + "százalék",
    .arabic: "دوت سلاش شرطة شرطة_سفلية آت نقطتان علامة_استفهام يساوي و هاش تيلدا زائد بالمئة",
    .hindi: "डॉट स्लैश डैश अंडरस्कोर एट कोलन प्रश्नचिह्न बराबर और हैश टिल्ड प्लस प्रतिशत",
    .chinese: "点 斜杠 横杠 下划线 at 冒号 问号 等于 和 井号 波浪号 加 百分号",
    .japanese: "ドット スラッシュ ハイフン アンダーバー アットマーク コロン クエスチョン イコール アンド シャープ チルダ プラス パーセント",
    .korean: "닷 슬래시 하이픈 밑줄 골뱅이 콜론 물음표 이퀄 앤드 샵 물결 플러스 퍼센트",
  ]

  func cardinal(_ value: Int) -> String { numbers.cardinal(DecimalInteger(value)) ?? String(value) }
  func ordinal(_ value: Int) -> String { numbers.ordinal(DecimalInteger(value)) ?? cardinal(value) }
}
