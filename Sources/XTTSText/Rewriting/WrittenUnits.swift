import SpeechCore

/// Signs and short forms of currencies and units, as they are written in any language.
enum WrittenUnits {
  private static let signs: [(Scalars, code: String, isExact: Bool)] = [
    ("US$", "USD", true), ("CA$", "CAD", true), ("AU$", "AUD", true), ("NZ$", "NZD", true), ("MX$", "MXN", true),
    ("S$", "SGD", true), ("HK$", "HKD", true), ("NT$", "TWD", true), ("C$", "CAD", true), ("A$", "AUD", true),
    ("R$", "BRL", false), ("$", "USD", false), ("€", "EUR", false), ("£", "GBP", false), ("¥", "JPY", false),
    ("₹", "INR", false), ("₽", "RUB", false), ("₩", "KRW", false), ("₺", "TRY", false), ("₴", "UAH", false),
    ("฿", "THB", false), ("RMB", "CNY", false), ("Rs.", "INR", false), ("Rs", "INR", false), ("रु.", "INR", false),
    ("रु", "INR", false), ("₫", "VND", false), ("₪", "ILS", false), ("₦", "NGN", false), ("₱", "PHP", false),
  ].map { (Scalars($0.0), $0.1, $0.2) }

  private static let codes: Set<String> = [
    "USD", "EUR", "GBP", "JPY", "CNY", "CHF", "CAD", "AUD", "NZD", "INR", "RUB", "PLN", "CZK", "HUF", "TRY", "BRL",
    "KRW", "SEK", "NOK", "DKK", "MXN", "SAR", "AED", "EGP", "ZAR", "UAH", "RON", "HKD", "SGD", "THB", "ILS", "TWD",
  ]

  /// Several countries name their money alike.
  private static let dollars: Set<String> = ["USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN", "ARS", "CHF"]

  private static let words: [Language: [(Scalars, String)]] = [
    .polish: [("zł", "PLN")], .czech: [("Kč", "CZK")], .hungarian: [("Ft", "HUF")], .turkish: [("TL", "TRY")],
    .russian: [("руб.", "RUB"), ("руб", "RUB"), ("р.", "RUB")],
  ].mapValues { $0.map { (Scalars($0.0), $0.1) } }

  static func currency(
    _ text: Scalars, at start: Int, language: Language
  ) -> (code: String, isExact: Bool, end: Int)? {
    guard let first = text.at(start), !first.isASCIIDigit, !first.isPythonSpace else { return nil }
    for (sign, code, isExact) in signs where sign[0] == first && text.matches(sign, at: start) {
      let end = start + sign.count
      if let last = sign.last, last.isWord || last.isMark, let next = text.at(end),
        next.isMark || next.isWord && !next.isASCIIDigit
      {
        continue
      }
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
    return codes.contains(code) ? (code, dollars.contains(code), end) : nil
  }

  /// Longest first.
  private static let units: [(Scalars, String)] = [
    ("sq ft", "square-foot"), ("sq. ft.", "square-foot"), ("sq m", "square-meter"), ("sq km", "square-kilometer"),
    ("sq mi", "square-mile"), ("km/u", "kilometer-per-hour"), ("किमी/घंटा", "kilometer-per-hour"),
    ("км/час", "kilometer-per-hour"), ("км/с", "kilometer-per-second"), ("м/с", "meter-per-second"),
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
    ("h", "hour"), ("s", "second"),
    ("л", "liter"), ("mph", "mile-per-hour"), ("km/s", "kilometer-per-hour"), ("mi", "mile"), ("ft", "foot"),
    ("in", "inch"), ("lbs", "pound"),
    ("lb", "pound"),
    ("oz", "ounce"), ("L", "liter"), ("dl", "deciliter"), ("cl", "centiliter"), ("мл", "milliliter"),
    ("mL", "milliliter"), ("t", "metric-ton"), ("т", "metric-ton"), ("мг", "milligram"), ("га", "hectare"),
    ("min", "minute"), ("Min", "minute"), ("мин", "minute"), ("dk", "minute"), ("ч", "hour"), ("сек", "second"),
    ("ms", "millisecond"), ("V", "volt"), ("W", "watt"), ("Вт", "watt"), ("кВт", "kilowatt"), ("MW", "megawatt"),
    ("кВт·ч", "kilowatt-hour"), ("mA", "milliampere"), ("mAh", "milliampere-hour"), ("KB", "kilobyte"),
    ("Ko", "kilobyte"), ("Mo", "megabyte"), ("Go", "gigabyte"), ("To", "terabyte"), ("КБ", "kilobyte"),
    ("МБ", "megabyte"), ("ГБ", "gigabyte"), ("ТБ", "terabyte"), ("kcal", "foodcalorie"), ("ккал", "foodcalorie"),
    ("bar", "bar"), ("hPa", "hectopascal"), ("dm", "decimeter"), ("µm", "micrometer"), ("μm", "micrometer"),
    ("nm", "nanometer"), ("km2", "square-kilometer"), ("cm2", "square-centimeter"), ("cm³", "cubic-centimeter"),
    ("m3", "cubic-meter"), ("м³", "cubic-meter"), ("dB", "decibel"), ("جم", "gram"), ("كغ", "kilogram"),
    ("سم", "centimeter"), ("ملم", "millimeter"), ("مل", "milliliter"), ("मी", "meter"), ("°", "degree"),
    ("px", "pixel"), ("Wh", "watt-hour"), ("Nm", "newton-meter"), ("hrs", "hour"), ("hr", "hour"), ("mins", "minute"),
    ("secs", "second"), ("sec", "second"), ("godz", "hour"), ("sek", "second"), ("hod", "hour"), ("Std", "hour"),
    ("sa", "hour"), ("sn", "second"), ("minuten", "minute"), ("мм²", "square-millimeter"), ("mm²", "square-millimeter"),
    ("u", "hour"), ("mp", "second"), ("hl", "hectoliter"), ("µg", "microgram"),
    ("GW", "gigawatt"), ("MWh", "megawatt-hour"), ("GWh", "gigawatt-hour"), ("kV", "kilovolt"), ("kPa", "kilopascal"),
    ("MPa", "megapascal"), ("Mbit/s", "megabit-per-second"), ("Mbps", "megabit-per-second"),
    ("Gbit/s", "gigabit-per-second"), ("g/m²", "gram-per-square-meter"), ("l/100km", "liter-per-100-kilometer"),
    ("l/100 km", "liter-per-100-kilometer"), ("L/100 km", "liter-per-100-kilometer"),
    ("yd", "yard"), ("gal", "gallon"), ("qt", "quart"), ("pt", "pint"), ("psi", "pound-force-per-square-inch"),
    ("MB/s", "megabyte-per-second"), ("мА", "milliampere"), ("МВт", "megawatt"), ("В", "volt"),
    ("кВ", "kilovolt"), ("Гц", "hertz"), ("МГц", "megahertz"), ("ГГц", "gigahertz"), ("дм", "decimeter"),
    ("كلم", "kilometer"), ("كم²", "square-kilometer"), ("ملغ", "milligram"), ("غ", "gram"), ("लीटर", "liter"),
  ].map { (Scalars($0.0), $0.1) }.sorted { $0.0.count > $1.0.count }

  private static let byFirst = Dictionary(grouping: units) { $0.0[0] }

  /// Units of one language, and those that are words in others.
  private static let ofLanguages: [Scalars: Set<Language>] = [
    "sa": [.turkish], "sn": [.turkish], "dk": [.turkish],
    "h": [
      .english, .spanish, .french, .german, .italian, .portuguese, .polish,
      .dutch, .czech, .hungarian,
    ], "s": [.english, .spanish, .french, .german, .italian, .portuguese],
    "ft": [.english], "oz": [.english], "lb": [.english, .spanish], "lbs": [.english], "mi": [.english],
    "mph": [.english, .spanish, .chinese, .japanese, .korean], "hod": [.czech], "godz": [.polish], "sek": [.polish],
    "Std": [.german], "To": [.french], "Go": [.french], "Mo": [.french], "Ko": [.french], "sec": [.english, .dutch],
    "km/s": [.turkish],
    "°": [.english, .spanish, .german, .polish, .russian, .czech, .hungarian, .turkish, .chinese, .japanese],
    "in": [.english], "bar": [.german, .english, .french, .polish, .dutch], "hr": [.english], "ч": [.russian],
    "т": [.russian], "u": [.dutch], "mp": [.hungarian], "yd": [.english], "gal": [.english], "qt": [.english],
    "pt": [.english], "В": [.russian], "غ": [.arabic],
  ].reduce(into: [:]) { $0[Scalars($1.key)] = $1.value }

  static func unit(_ text: Scalars, at start: Int, language: Language) -> (name: String, end: Int)? {
    guard let first = text.at(start), let candidates = byFirst[first] else { return nil }
    for (unit, name) in candidates where text.matches(unit, at: start) {
      if let languages = ofLanguages[unit], !languages.contains(language) { continue }
      if name == "inch", text.at(start - 1) == " " { continue }
      let end = start + unit.count
      let next = text.at(end)
      // `5 W's`.
      if let mark = next, mark == "'" || mark == "’", language != .turkish, text.at(end + 1)?.isWord == true {
        continue
      }
      if next?.joinsDigits != true, next?.isMark != true, next != "/", next != "²", next != "³" { return (name, end) }
    }
    return nil
  }
}
