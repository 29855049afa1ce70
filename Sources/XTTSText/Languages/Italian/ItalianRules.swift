extension LanguageRules {
  static let italian = LanguageRules(
    numbers: ItalianNumbers(),
    ordinalSuffixes: ["º", "°", "ª", "o", "a", "i", "e"],
    abbreviations: [
      Abbreviation("sig", "signore"), Abbreviation("dr", "dottore"), Abbreviation("st", "santo"),
      Abbreviation("co", "compagnia"), Abbreviation("jr", "junior"), Abbreviation("ltd", "limitata"),
    ],
    symbols: ["e", "chiocciola", "per cento", "cancelletto", "dollaro", "sterlina", "gradi"])
}
