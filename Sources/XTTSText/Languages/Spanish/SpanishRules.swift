extension LanguageRules {
  static let spanish = LanguageRules(
    numbers: SpanishNumbers(),
    ordinalSuffixes: ["º", "ª", "er", "o", "a", "os", "as"],
    abbreviations: [
      Abbreviation("sra", "señora"), Abbreviation("sr", "señor"), Abbreviation("dr", "doctor"),
      Abbreviation("dra", "doctora"), Abbreviation("st", "santo"), Abbreviation("co", "compañía"),
      Abbreviation("jr", "junior"), Abbreviation("ltd", "limitada"),
    ],
    symbols: ["y", "arroba", "por ciento", "numeral", "dolar", "libra", "grados"])
}
