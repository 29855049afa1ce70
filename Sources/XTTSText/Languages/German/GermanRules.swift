extension LanguageRules {
  static let german = LanguageRules(
    numbers: GermanNumbers(),
    ordinalSuffixes: ["st", "nd", "rd", "th", "º", "ª", OrdinalSuffix(".", endsWord: true)],
    abbreviations: [
      Abbreviation("fr", "frau"), Abbreviation("dr", "doktor"), Abbreviation("st", "sankt"),
      Abbreviation("co", "firma"), Abbreviation("jr", "junior"),
    ],
    symbols: ["und", "at", "prozent", "raute", "dollar", "pfund", "grad"])
}
