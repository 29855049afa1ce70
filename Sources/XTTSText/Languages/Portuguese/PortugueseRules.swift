extension LanguageRules {
  static let portuguese = LanguageRules(
    numbers: PortugueseNumbers(),
    ordinalSuffixes: ["º", "ª", "o", "a", "os", "as"],
    abbreviations: [
      Abbreviation("sra", "senhora"), Abbreviation("sr", "senhor"), Abbreviation("dr", "doutor"),
      Abbreviation("dra", "doutora"), Abbreviation("st", "santo"), Abbreviation("co", "companhia"),
      Abbreviation("jr", "júnior"), Abbreviation("ltd", "limitada"),
    ],
    symbols: ["e", "arroba", "por cento", "cardinal", "dólar", "libra", "graus"])
}
