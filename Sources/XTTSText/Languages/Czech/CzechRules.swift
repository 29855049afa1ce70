extension LanguageRules {
  static let czech = LanguageRules(
    numbers: CzechNumbers(),
    ordinalSuffixes: [OrdinalSuffix(".", endsWord: true)],
    abbreviations: [
      Abbreviation("dr", "doktor"), Abbreviation("ing", "inženýr"), Abbreviation("p", "pan"),
    ],
    symbols: ["a", "na", "procento", "křížek", "dolar", "libra", "stupně"])
}
