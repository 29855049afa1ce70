struct CzechNumbers: NumberWords {
  private static let numerals = SlavicNumerals(
    small: [
      "nula", "jedna", "dva", "tři", "čtyři", "pět", "šest", "sedm", "osm", "devět", "deset", "jedenáct", "dvanáct",
      "třináct", "čtrnáct", "patnáct", "šestnáct", "sedmnáct", "osmnáct", "devatenáct",
    ],
    tens: [
      "", "", "dvacet", "třicet", "čtyřicet", "padesát", "šedesát", "sedmdesát", "osmdesát", "devadesát",
    ],
    hundreds: [
      "", "sto", "dvěstě", "třista", "čtyřista", "pětset", "šestset", "sedmset", "osmset", "devětset",
    ],
    scale: [
      ("tisíc", "tisíce", "tisíc"), ("milion", "miliony", "milionů"), ("miliarda", "miliardy", "miliard"),
      ("bilion", "biliony", "bilionů"), ("biliarda", "biliardy", "biliard"), ("trilion", "triliony", "trilionů"),
      ("triliarda", "triliardy", "triliard"), ("kvadrilion", "kvadriliony", "kvadrilionů"),
      ("kvadriliarda", "kvadriliardy", "kvadriliard"), ("quintillion", "quintilliony", "quintillionů"),
    ])
  private static let ordinals = [
    "nultý", "první", "druhý", "třetí", "čtvrtý", "pátý", "šestý", "sedmý", "osmý", "devátý", "desátý", "jedenáctý",
    "dvanáctý", "třináctý", "čtrnáctý", "patnáctý", "šestnáctý", "sedmnáctý", "osmnáctý", "devatenáctý",
  ]
  private static let ordinalTens = [
    "", "", "dvacátý", "třicátý", "čtyřicátý", "padesátý", "šedesátý", "sedmdesátý", "osmdesátý", "devadesátý",
  ]
  private static let ordinalHundreds = [
    "", "stý", "dvoustý", "třístý", "čtyřstý", "pětistý", "šestistý", "sedmistý", "osmistý", "devítistý",
  ]

  let centsSeparator = ", "

  func cardinal(_ number: DecimalInteger) -> String? {
    Self.numerals.cardinal(number)
  }

  func decimal(_ number: PythonFloat) -> String? {
    Self.numerals.decimal(number, point: "celá")
  }

  /// num2words has no Czech ordinals and upstream fails on them; these are the language's own, up to 9999.
  func ordinal(_ number: DecimalInteger) -> String? {
    guard let value = number.int, value < 10_000 else { return cardinal(number) }
    if value < 20 { return Self.ordinals[value] }
    if value < 100 {
      return Self.ordinalTens[value / 10] + (value % 10 == 0 ? "" : " " + Self.ordinals[value % 10])
    }
    if value < 1000, value % 100 == 0 { return Self.ordinalHundreds[value / 100] }
    if value == 1000 { return "tisící" }
    let (head, rest) = value < 1000 ? (value / 100 * 100, value % 100) : (value / 1000 * 1000, value % 1000)
    guard rest > 0, let headWords = cardinal(DecimalInteger(head)) else { return cardinal(number) }
    return ordinal(DecimalInteger(rest)).map { "\(headWords) \($0)" }
  }

  func amount(_ number: PythonFloat, _ currency: Currency) -> String? {
    guard currency == .euro else { return nil }
    return amountInUnitsAndCents(
      number, separator: ",", unit: { _ in "euro" },
      cent: { SlavicNumerals.plural($0, "cent", "centy", "centů") })
  }
}
