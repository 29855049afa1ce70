struct DutchNumbers: NumberWords {
  private static let small = [
    "nul", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf", "dertien",
    "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien",
  ]
  private static let tens = [
    "", "", "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig",
  ]
  private static let scale = LongScale(
    stems: LatinScale(
      lows: ["m", "b", "tr", "quadr", "quint", "sext", "sept", "okt", "non"],
      units: ["", "un", "duo", "tre", "quattuor", "quin", "sex", "sept", "okto", "novem"],
      tens: [
        "dez", "vigint", "trigint", "quadragint", "quinquagint", "sexagint", "septuagint", "oktogint", "nonagint",
      ], hundred: "zend"),
    mega: "iljoen", giga: "iljard")
  /// Endings of cardinals and what an ordinal has in their place, tried in this order.
  private static let ordinalEndings = [
    ("nul", "nuld"), ("één", "eerst"), ("twee", "tweed"), ("drie", "derd"), ("vier", "vierd"), ("vijf", "vijfd"),
    ("zes", "zesd"), ("zeven", "zevend"), ("acht", "achtst"), ("negen", "negend"), ("tien", "tiend"), ("elf", "elfd"),
    ("twaalf", "twaalfd"), ("ig", "igst"), ("erd", "erdst"), ("end", "endst"), ("joen", "joenst"), ("rd", "rdst"),
  ]

  let centsSeparator = ", "

  func cardinal(_ number: DecimalInteger) -> String? {
    if number.digitCount <= 2 { return Self.belowHundred(number.last(2)) }
    guard let power = Self.scale.headPower(ofDigitCount: number.digitCount) else { return nil }
    let (quotient, remainder) = number.divided(byPowerOfTen: power)
    guard let count = cardinal(quotient) else { return nil }
    let isOne = quotient.digits == [1]
    var head: String
    switch power {
    case 2: head = (isOne ? "" : count) + "honderd"
    case 3: head = (isOne ? "" : count) + "duizend"
    default: head = "\(isOne ? "een" : count) \(Self.scale.name(ofPower: power))"
    }
    guard !remainder.isZero else { return head }
    if power >= 6 { head += " " }
    return cardinal(remainder).map { head + $0 }
  }

  private static func belowHundred(_ value: Int) -> String {
    if value < 20 { return small[value] }
    if value % 10 == 0 { return tens[value / 10] }
    let unit = value % 10 == 1 ? "een" : small[value % 10]
    return unit + (unit.hasSuffix("e") ? "ën" : "en") + tens[value / 10]
  }

  func ordinal(_ number: DecimalInteger) -> String? {
    guard var stem = cardinal(number) else { return nil }
    if let (ending, replacement) = Self.ordinalEndings.first(where: { stem.hasSuffix($0.0) }) {
      stem = stem.dropLast(ending.count) + replacement
    }
    return stem + "e"
  }

  func decimal(_ number: PythonFloat) -> String? {
    decimalByDigits(number, point: "komma")
  }

  func amount(_ number: PythonFloat, _ currency: Currency) -> String? {
    let (unit, cent) =
      switch currency {
      case .euro: ("euro", "cent")
      case .usDollar: ("dollar", "cent")
      case .poundSterling: ("pond", "penny")
      }
    return amountInUnitsAndCents(number, separator: ",", unit: { _ in unit }, cent: { _ in cent })
  }
}
