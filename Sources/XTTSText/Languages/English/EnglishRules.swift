extension LanguageRules {
  static let english = LanguageRules(
    grouping: .comma, numbers: EnglishNumbers(), ordinalSuffixes: ["st", "nd", "rd", "th"],
    abbreviations: [
      Abbreviation("mrs", "misess"), Abbreviation("mr", "mister"), Abbreviation("dr", "doctor"),
      Abbreviation("st", "saint"), Abbreviation("co", "company"), Abbreviation("jr", "junior"),
      Abbreviation("maj", "major"), Abbreviation("gen", "general"), Abbreviation("drs", "doctors"),
      Abbreviation("rev", "reverend"), Abbreviation("lt", "lieutenant"), Abbreviation("hon", "honorable"),
      Abbreviation("sgt", "sergeant"), Abbreviation("capt", "captain"), Abbreviation("esq", "esquire"),
      Abbreviation("ltd", "limited"), Abbreviation("col", "colonel"), Abbreviation("ft", "fort"),
    ],
    symbols: ["and", "at", "percent", "hash", "dollar", "pound", "degree"])
}
