extension LanguageRules {
  static let arabic = LanguageRules(
    numbers: ArabicNumbers(),
    ordinalSuffixes: ["ون", "ين", "ث", "ر", "ى"],
    abbreviations: [],
    symbols: ["و", "على", "في المئة", "رقم", "دولار", "جنيه", "درجة"])
}
