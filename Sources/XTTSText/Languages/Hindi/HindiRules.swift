extension LanguageRules {
  static let hindi = LanguageRules(
    grouping: .indian, numbers: HindiNumbers(),
    ordinalSuffixes: ["st", "nd", "rd", "th"],
    abbreviations: [],
    symbols: ["और", "ऐट दी रेट", "प्रतिशत", "हैश", "डॉलर", "पाउंड", "डिग्री"])
}
