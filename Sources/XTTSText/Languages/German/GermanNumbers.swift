struct GermanNumbers: NumberWords {
  private static let numerals = LongScaleNumerals(
    small: [
      "null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf",
      "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn",
    ],
    tens: [
      "", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig",
    ],
    oneBeforeHundred: "ein", oneBeforeTens: "ein", joint: { _ in "und" }, hundred: "hundert", thousand: "tausend",
    scale: LongScale(
      stems: LatinScale(
        lows: ["M", "B", "Tr", "Quadr", "Quint", "Sext", "Sept", "Okt", "Non"],
        units: LatinScale.germanicUnits, tens: LatinScale.germanicTens, hundred: "zent"),
      mega: "illion", giga: "illiarde"),
    large: { count, name in count.map { "\($0) \(name)\(name.hasSuffix("e") ? "n" : "en")" } ?? "eine " + name },
    ordinalEndings: [
      ("eins", "ers"), ("drei", "drit"), ("acht", "ach"), ("sieben", "sieb"), ("ig", "igs"), ("ert", "erts"),
      ("end", "ends"), ("ion", "ions"), ("nen", "ns"), ("rde", "rds"), ("rden", "rds"),
    ])

  let centsSeparator = " und "

  func cardinal(_ number: DecimalInteger) -> String? { Self.numerals.cardinal(number) }

  func ordinal(_ number: DecimalInteger) -> String? {
    guard let words = cardinal(number) else { return nil }
    let ordinal = Self.numerals.ordinalStem(of: words.lowercased()) + "te"
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
