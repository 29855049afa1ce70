struct DutchNumbers: NumberWords {
  private static let numerals = LongScaleNumerals(
    small: [
      "nul", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf", "dertien",
      "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien",
    ],
    tens: [
      "", "", "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig",
    ],
    oneBeforeHundred: "", oneBeforeTens: "een", joint: { $0.hasSuffix("e") ? "ën" : "en" }, hundred: "honderd",
    thousand: "duizend",
    scale: LongScale(
      stems: LatinScale(
        lows: ["m", "b", "tr", "quadr", "quint", "sext", "sept", "okt", "non"],
        units: LatinScale.germanicUnits, tens: LatinScale.germanicTens, hundred: "zend"),
      mega: "iljoen", giga: "iljard"),
    large: { count, name in "\(count ?? "een") \(name)" },
    ordinalEndings: [
      ("nul", "nuld"), ("één", "eerst"), ("twee", "tweed"), ("drie", "derd"), ("vier", "vierd"), ("vijf", "vijfd"),
      ("zes", "zesd"), ("zeven", "zevend"), ("acht", "achtst"), ("negen", "negend"), ("tien", "tiend"), ("elf", "elfd"),
      ("twaalf", "twaalfd"), ("ig", "igst"), ("erd", "erdst"), ("end", "endst"), ("joen", "joenst"), ("rd", "rdst"),
    ])

  let centsSeparator = ", "

  func cardinal(_ number: DecimalInteger) -> String? { Self.numerals.cardinal(number) }

  func ordinal(_ number: DecimalInteger) -> String? {
    cardinal(number).map { Self.numerals.ordinalStem(of: $0) + "e" }
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
