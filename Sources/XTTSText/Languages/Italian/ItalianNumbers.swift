struct ItalianNumbers: NumberWords {
  private static let small = [
    "zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "undici", "dodici",
    "tredici", "quattordici", "quindici", "sedici", "diciassette", "diciotto", "diciannove",
  ]
  private static let tens = [
    "", "", "venti", "trenta", "quaranta", "cinquanta", "sessanta", "settanta", "ottanta", "novanta",
  ]
  private static let smallOrdinals = [
    "zero", "primo", "secondo", "terzo", "quarto", "quinto", "sesto", "settimo", "ottavo", "nono", "decimo",
    "undicesimo", "dodicesimo", "tredicesimo", "quattordicesimo", "quindicesimo", "sedicesimo", "diciassettesimo",
    "diciottesimo", "diciannovesimo",
  ]
  private static let scaleStems = ["", "m", "b", "tr", "quadr", "quint", "sest", "sett", "ott", "nov", "dec"]
  private static let maximumDigits = 65

  let centsSeparator = " e "

  func cardinal(_ number: DecimalInteger) -> String? {
    guard number.digitCount <= Self.maximumDigits else { return nil }
    if number.digitCount <= 6 { return Self.accentuated(Self.belowMillion(number.last(6))) }
    let power = (number.digitCount - 1) / 3 * 3
    let (quotient, remainder) = number.divided(byPowerOfTen: power)
    let name = Self.scaleStems[power / 6] + (power % 6 == 0 ? "ilione" : "iliardo")
    var words: String
    if quotient.digits == [1] {
      words = "un " + name
    } else {
      guard let count = cardinal(quotient) else { return nil }
      words = "\(count) \(name.dropLast())i"
    }
    if !remainder.isZero {
      guard let rest = cardinal(remainder) else { return nil }
      words += (rest.contains(" e ") ? ", " : " e ") + rest
    }
    return Self.accentuated(words)
  }

  private static func belowMillion(_ value: Int) -> String {
    if value < 20 { return small[value] }
    if value < 100 { return contracted(tens[value / 10] + rest(value % 10)) }
    if value < 1000 {
      return contracted((value < 200 ? "" : small[value / 100]) + "cento" + rest(value % 100))
    }
    let thousands = value < 2000 ? "mille" : accentuated(belowMillion(value / 1000)) + "mila"
    return thousands + rest(value % 1000)
  }

  private static func rest(_ value: Int) -> String {
    value == 0 ? "" : accentuated(belowMillion(value))
  }

  /// Vowels that run together where words join: `ventiotto`, `trentuno`.
  private static func contracted(_ word: String) -> String {
    [("oo", "o"), ("ao", "o"), ("io", "o"), ("au", "u"), ("iu", "u")]
      .reduce(word) { $0.replacing($1.0, with: $1.1) }
  }

  /// The accent of `tre` stands only where it ends a compound word.
  private static func accentuated(_ words: String) -> String {
    words.split(separator: " ").map { word in
      let plain = word.replacing("tré", with: "tre")
      return word.hasSuffix("tre") && word.count > 3 ? plain.dropLast(3) + "tré" : String(plain)
    }.joined(separator: " ")
  }

  func ordinal(_ number: DecimalInteger) -> String? {
    if number.digitCount <= 2, number.last(2) < 20 { return Self.smallOrdinals[number.last(2)] }
    guard let words = cardinal(number) else { return nil }
    if !(11...19).contains(number.last(2)) {
      if number.last(1) == 3 { return words.dropLast() + "eesimo" }
      if number.last(1) == 6 { return words + "esimo" }
    }
    let stem = words.dropLast()
    return stem + (stem.hasSuffix("mil") ? "l" : "") + "esimo"
  }

  func decimal(_ number: PythonFloat) -> String? {
    guard let (whole, fraction) = number.parts, let head = cardinal(DecimalInteger(whole.unicodeScalars)) else {
      return nil
    }
    let digits = fraction.unicodeScalars.map { Self.small[$0.digitValue] }
    return Self.accentuated("\(head) virgola \(digits.joined(separator: " "))")
  }

  func amount(_ number: PythonFloat, _ currency: Currency) -> String? {
    let (unit, cent) =
      switch currency {
      case .euro: (NounForms("euro", "euro"), NounForms("centesimo", "centesimi"))
      case .usDollar: (NounForms("dollaro", "dollari"), NounForms("centesimo", "centesimi"))
      case .poundSterling: (NounForms("sterlina", "sterline"), NounForms("penny", "penny"))
      }
    let plain = amountInUnitsAndCents(number, separator: " e", unit: { unit($0) }, cent: { cent($0) })
    guard var words = plain else { return nil }
    if currency == .poundSterling, words.hasPrefix("uno ") { words = "una" + words.dropFirst(3) }
    return words.replacing("uno", with: "un")
  }
}
