extension LanguageRules {
  static let korean = LanguageRules(
    numbers: KoreanNumbers(),
    ordinalSuffixes: ["번째", "번", "차", "째"],
    abbreviations: [],
    symbols: ["그리고", "에", "퍼센트", "번호", "달러", "파운드", "도"])
}
