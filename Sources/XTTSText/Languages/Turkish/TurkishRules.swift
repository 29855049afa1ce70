extension LanguageRules {
  static let turkish = LanguageRules(
    numbers: TurkishNumbers(), expandsDecimals: false,
    ordinalSuffixes: [".", "inci", "nci", "uncu", "üncü"],
    abbreviations: [
      Abbreviation("b", "bay"), Abbreviation("byk", "büyük"), Abbreviation("dr", "doktor"),
    ],
    symbols: ["ve", "at", "yüzde", "diyez", "dolar", "sterlin", "derece"])
}
