import SpeechCore

/// Signs and short forms of currencies and units, as they are written in any language.
enum WrittenUnits {
  private static let signs: [(Scalars, code: String, isExact: Bool)] = [
    ("US$", "USD", true), ("HK$", "HKD", true), ("NT$", "TWD", true), ("C$", "CAD", true), ("A$", "AUD", true),
    ("R$", "BRL", false), ("$", "USD", false), ("€", "EUR", false), ("£", "GBP", false), ("¥", "JPY", false),
    ("₹", "INR", false), ("₽", "RUB", false), ("₩", "KRW", false), ("₺", "TRY", false), ("₴", "UAH", false),
    ("฿", "THB", false), ("₫", "VND", false), ("₪", "ILS", false), ("₦", "NGN", false), ("₱", "PHP", false),
  ].map { (Scalars($0.0), $0.1, $0.2) }

  private static let codes: Set<String> = [
    "USD", "EUR", "GBP", "JPY", "CNY", "CHF", "CAD", "AUD", "NZD", "INR", "RUB", "PLN", "CZK", "HUF", "TRY", "BRL",
    "KRW", "SEK", "NOK", "DKK", "MXN", "SAR", "AED", "EGP", "ZAR", "UAH", "RON", "HKD", "SGD", "THB", "ILS", "TWD",
  ]

  private static let words: [Language: [(Scalars, String)]] = [
    .polish: [("zł", "PLN")], .czech: [("Kč", "CZK")], .hungarian: [("Ft", "HUF")], .turkish: [("TL", "TRY")],
    .russian: [("руб.", "RUB"), ("руб", "RUB")],
  ].mapValues { $0.map { (Scalars($0.0), $0.1) } }

  static func currency(
    _ text: Scalars, at start: Int, language: Language
  ) -> (code: String, isExact: Bool, end: Int)? {
    guard let first = text.at(start), !first.isASCIIDigit, !first.isPythonSpace else { return nil }
    for (sign, code, isExact) in signs where sign[0] == first && text.matches(sign, at: start) {
      return (code == "JPY" && language == .chinese ? "CNY" : code, isExact, start + sign.count)
    }
    for (word, code) in words[language] ?? [] where text.matches(word, at: start) {
      let end = start + word.count
      if text.at(end)?.isWord != true { return (code, false, end) }
    }
    let end = start + 3
    guard end <= text.count, text.at(end)?.isWord != true,
      text.at(start - 1)?.joinsDigits != true || start == 0
        || text[start - 1].isASCIIDigit
    else { return nil }
    let code = String(text[start..<end])
    return codes.contains(code) ? (code, true, end) : nil
  }

  /// Longest first.
  private static let units: [(Scalars, String)] = [
    ("km/h", "kilometer-per-hour"), ("км/ч", "kilometer-per-hour"), ("كم/س", "kilometer-per-hour"),
    ("km/sa", "kilometer-per-hour"), ("m/s", "meter-per-second"), ("км²", "square-kilometer"),
    ("km²", "square-kilometer"), ("cm²", "square-centimeter"), ("m²", "square-meter"), ("м²", "square-meter"),
    ("م²", "square-meter"), ("m2", "square-meter"), ("m³", "cubic-meter"), ("°C", "celsius"), ("°F", "fahrenheit"),
    ("°С", "celsius"), ("كجم", "kilogram"), ("किग्रा", "kilogram"), ("कि.मी.", "kilometer"), ("किमी", "kilometer"),
    ("kWh", "kilowatt-hour"), ("MHz", "megahertz"), ("GHz", "gigahertz"), ("kHz", "kilohertz"), ("km", "kilometer"),
    ("cm", "centimeter"), ("mm", "millimeter"), ("kg", "kilogram"), ("mg", "milligram"), ("ml", "milliliter"),
    ("кг", "kilogram"), ("км", "kilometer"), ("см", "centimeter"), ("мм", "millimeter"), ("كم", "kilometer"),
    ("kB", "kilobyte"), ("MB", "megabyte"), ("GB", "gigabyte"), ("TB", "terabyte"), ("kW", "kilowatt"),
    ("Hz", "hertz"), ("ha", "hectare"), ("m", "meter"), ("м", "meter"), ("g", "gram"), ("г", "gram"), ("l", "liter"),
    ("л", "liter"),
  ].map { (Scalars($0.0), $0.1) }.sorted { $0.0.count > $1.0.count }

  private static let byFirst = Dictionary(grouping: units) { $0.0[0] }

  static func unit(_ text: Scalars, at start: Int) -> (name: String, end: Int)? {
    guard let first = text.at(start), let candidates = byFirst[first] else { return nil }
    for (unit, name) in candidates where text.matches(unit, at: start) {
      let end = start + unit.count
      let next = text.at(end)
      if next?.joinsDigits != true, next?.isMark != true, next != "/", next != "²", next != "³" { return (name, end) }
    }
    return nil
  }
}
