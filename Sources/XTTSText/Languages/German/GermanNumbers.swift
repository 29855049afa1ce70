struct GermanNumbers: NumberWords {
  private static let small = [
    "null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf",
    "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn",
  ]
  private static let tens = [
    "", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig",
  ]
  private static let scale = LongScale(
    stems: LatinScale(
      lows: ["M", "B", "Tr", "Quadr", "Quint", "Sext", "Sept", "Okt", "Non"],
      units: ["", "un", "duo", "tre", "quattuor", "quin", "sex", "sept", "okto", "novem"],
      tens: [
        "dez", "vigint", "trigint", "quadragint", "quinquagint", "sexagint", "septuagint", "oktogint", "nonagint",
      ], hundred: "zent"),
    mega: "illion", giga: "illiarde")
  /// Endings of cardinals and what an ordinal has in their place, tried in this order.
  private static let ordinalEndings = [
    ("eins", "ers"), ("drei", "drit"), ("acht", "ach"), ("sieben", "sieb"), ("ig", "igs"), ("ert", "erts"),
    ("end", "ends"), ("ion", "ions"), ("nen", "ns"), ("rde", "rds"), ("rden", "rds"),
  ]

  let centsSeparator = " und "

  func cardinal(_ number: DecimalInteger) -> String? {
    if number.digitCount <= 2 { return Self.belowHundred(number.last(2)) }
    guard let power = Self.scale.headPower(ofDigitCount: number.digitCount) else { return nil }
    let (quotient, remainder) = number.divided(byPowerOfTen: power)
    guard let count = cardinal(quotient) else { return nil }
    let isOne = quotient.digits == [1]
    var head: String
    switch power {
    case 2: head = (isOne ? "ein" : count) + "hundert"
    case 3: head = (isOne ? "ein" : count) + "tausend"
    default:
      let name = Self.scale.name(ofPower: power)
      head = isOne ? "eine " + name : "\(count) \(name)\(name.hasSuffix("e") ? "n" : "en")"
    }
    guard !remainder.isZero else { return head }
    if power >= 6 { head += " " }
    return cardinal(remainder).map { head + $0 }
  }

  private static func belowHundred(_ value: Int) -> String {
    if value < 20 { return small[value] }
    if value % 10 == 0 { return tens[value / 10] }
    return (value % 10 == 1 ? "ein" : small[value % 10]) + "und" + tens[value / 10]
  }

  func ordinal(_ number: DecimalInteger) -> String? {
    guard let words = cardinal(number) else { return nil }
    var stem = words.lowercased()
    if let (ending, replacement) = Self.ordinalEndings.first(where: { stem.hasSuffix($0.0) }) {
      stem = stem.dropLast(ending.count) + replacement
    }
    let ordinal = stem + "te"
    switch ordinal {
    case "eintausendste": return "tausendste"
    case "einhundertste": return "hundertste"
    default: return Self.joiningMillions(ordinal)
    }
  }

  /// `eine millionste` is said without the article, `zwei millionste` in one word.
  private static func joiningMillions(_ ordinal: String) -> String {
    guard ordinal.hasSuffix("illionste") || ordinal.hasSuffix("illiardste"),
      let space = ordinal.lastIndex(of: " ")
    else { return ordinal }
    let head = ordinal[..<space]
    let last = ordinal[ordinal.index(after: space)...]
    return String(head.hasSuffix("eine") ? head.dropLast(4) : head) + last
  }

  func decimal(_ number: PythonFloat) -> String? {
    decimalByDigits(number, point: "Komma")
  }

  func amount(_ number: PythonFloat, _ currency: Currency) -> String? {
    let (unit, cent) =
      switch currency {
      case .euro: ("Euro", NounForms("Cent", "Cent"))
      case .usDollar: ("Dollar", NounForms("Cent", "Cent"))
      case .poundSterling: ("Pfund", NounForms("Penny", "Pence"))
      }
    return amountInUnitsAndCents(number, separator: " und", unit: { _ in unit }, cent: { cent($0) })?
      .replacing("eins ", with: "ein ")
  }
}
