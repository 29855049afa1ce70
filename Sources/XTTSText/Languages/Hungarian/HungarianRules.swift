extension LanguageRules {
  static let hungarian = LanguageRules(
    numbers: HungarianNumbers(),
    ordinalSuffixes: [".", "adik", "edik", "odik", "ödik", "ödike", "ik"],
    abbreviations: [
      Abbreviation("dr", "doktor"), Abbreviation("b", "bácsi"), Abbreviation("nőv", "nővér"),
    ],
    symbols: ["és", "kukac", "százalék", "kettőskereszt", "dollár", "font", "fok"])
}
