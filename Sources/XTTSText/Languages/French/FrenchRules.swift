extension LanguageRules {
  static let french = LanguageRules(
    numbers: FrenchNumbers(),
    ordinalSuffixes: ["º", "ª", "er", "re", "e", "ème"],
    abbreviations: [
      Abbreviation("mme", "madame"), Abbreviation("mr", "monsieur"), Abbreviation("dr", "docteur"),
      Abbreviation("st", "saint"), Abbreviation("co", "compagnie"), Abbreviation("jr", "junior"),
      Abbreviation("ltd", "limitée"),
    ],
    symbols: ["et", "arobase", "pour cent", "dièse", "dollar", "livre", "degrés"])
}
