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
  var plus: String
  /// Between the two numbers of a range.
  var rangeWord: String
  /// Denominators 2 to 10.
  var denominators: [Pair]
  /// One, as the numerator of a fraction.
  var oneOf: (half: String, other: String)
  /// By sign or code.
  var currencies: [String: Pair]
  /// Multipliers after an amount (`million`), and what joins them to the currency.
  var multipliers: [String: String]
  var multiplierJoint: String
  /// By unit.
  var units: [String: Pair]
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

  func cardinal(_ value: Int) -> String { numbers.cardinal(DecimalInteger(value)) ?? String(value) }
  func ordinal(_ value: Int) -> String { numbers.ordinal(DecimalInteger(value)) ?? cardinal(value) }
}
