import CText
import SpeechCore
import Synchronization

/// Amounts with the names of units and currencies from CLDR, in the plural form of the number.
enum MeasureWords {
  static let placeholder = "\u{FFFC}"
  private static let longest = 256
  /// Numbers with the same form in every language share an entry.
  private static let known = Mutex<[Key: String]>([:])

  private struct Key: Hashable {
    var skeleton: String
    var language: Language
    var form: Double
  }

  /// The words with ``placeholder`` for the number; without it where the language has a form for the number itself.
  /// nil where ICU does not know the unit.
  static func pattern(_ skeleton: String, _ number: WrittenNumber, _ language: Language) -> String? {
    let key = Key(skeleton: skeleton, language: language, form: form(of: number))
    return known.withLock { known in
      if let pattern = known[key] { return pattern }
      guard let pattern = make(key) else { return nil }
      known[key] = pattern
      return pattern
    }
  }

  /// A number below 1200 with the same plural form: CLDR's rules look at the last two digits, at millions, and at
  /// whether there is a fraction.
  private static func form(of number: WrittenNumber) -> Double {
    guard number.fraction.isEmpty else { return 1.5 }
    let whole = DecimalInteger(number.whole)
    if whole.digitCount > 6, whole.last(6) == 0 { return 1_000_000 }
    return Double(whole.digitCount <= 2 ? whole.last(2) : 100 + whole.last(2))
  }

  /// CLDR's names that are not said.
  private static let exceptions: [Language: [String: String]] = [
    .english: ["currency/GBP": "\(placeholder) pounds"],
    .portuguese: ["currency/USD": "\(placeholder) dólares americanos", "currency/GBP": "\(placeholder) libras"],
    .hindi: ["currency/GBP": "\(placeholder) पाउंड"], .hungarian: ["currency/GBP": "\(placeholder) font"],
    .korean: ["currency/GBP": "\(placeholder) 파운드", "currency/JPY": "\(placeholder) 엔"],
    .japanese: ["currency/GBP": "\(placeholder) ポンド"],
    .german: ["currency/GBP": "\(placeholder) Pfund"],
    .turkish: [
      "unit/kilometer-per-hour": "saatte \(placeholder) kilometre",
      "unit/meter-per-second": "saniyede \(placeholder) metre",
    ],
  ]

  private static func make(_ key: Key) -> String? {
    if let exception = exceptions[key.language]?[key.skeleton] {
      return key.form == 1 && key.language == .english ? String(exception.dropLast()) : exception
    }
    let precision = key.form == 1.5 ? "." + "0" : "precision-integer"
    let skeleton = Array(
      "\(key.skeleton) unit-width-full-name group-off numbering-system/latn \(precision)".utf16)
    let locale = [.chinese: "zh", .english: "en-GB", .portuguese: "pt-PT"][key.language] ?? key.language.rawValue
    var buffer = [UInt16](repeating: 0, count: longest)
    let length = icu_format(skeleton, Int32(skeleton.count), locale, key.form, &buffer, Int32(longest))
    guard length > 0 else { return nil }
    let words = Scalars(String(decoding: buffer[..<Int(length)], as: UTF16.self))
      .map { $0 == "\u{A0}" || $0 == "\u{202F}" ? " " : $0 }
      // Direction marks; Turkish writes the sign of the lira and its name.
      .filter { !(0x200E...0x200F).contains($0.value) && $0.properties.generalCategory != .currencySymbol }
    guard let start = words.firstIndex(where: \.isASCIIDigit) else { return String(words) }
    let end = words.end(from: start) { $0.isASCIIDigit || $0 == "." || $0 == "," || $0 == "٫" }
    return String(words[..<start]) + placeholder + String(words[end...])
  }
}
