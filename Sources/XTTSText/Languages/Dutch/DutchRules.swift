extension LanguageRules {
  static let dutch = LanguageRules(
    numbers: DutchNumbers(),
    ordinalSuffixes: ["de", "ste", "e"],
    abbreviations: [
      Abbreviation("dhr", "de heer"), Abbreviation("mevr", "mevrouw"), Abbreviation("dr", "dokter"),
      Abbreviation("jhr", "jonkheer"),
    ],
    symbols: ["en", "bij", "procent", "hekje", "dollar", "pond", "graden"])
}
