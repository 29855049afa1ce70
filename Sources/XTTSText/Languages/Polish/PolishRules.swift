extension LanguageRules {
  static let polish = LanguageRules(
    numbers: PolishNumbers(),
    ordinalSuffixes: ["º", "ª", "st", "nd", "rd", "th"],
    abbreviations: [
      Abbreviation("p", "pani"), Abbreviation("m", "pan"), Abbreviation("dr", "doktor"), Abbreviation("sw", "święty"),
      Abbreviation("jr", "junior"),
    ],
    symbols: ["i", "małpa", "procent", "krzyżyk", "dolar", "funt", "stopnie"])
}
