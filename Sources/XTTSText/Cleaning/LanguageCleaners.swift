import SpeechCore

/// The cleaner of every language that can be read here.
enum LanguageCleaners {
  static func all() -> [Language: any LanguageCleaner] {
    let rules: [Language: LanguageRules] = [
      .english: .english, .spanish: .spanish, .french: .french, .german: .german, .italian: .italian,
      .portuguese: .portuguese, .polish: .polish, .turkish: .turkish, .russian: .russian, .dutch: .dutch,
      .czech: .czech, .arabic: .arabic, .hungarian: .hungarian, .hindi: .hindi,
    ]
    var cleaners: [Language: any LanguageCleaner] = rules.mapValues { UpstreamCleaner($0) }
    cleaners[.korean] = KoreanCleaner()
    cleaners[.chinese] = ChineseCleaner()
    return cleaners
  }

  static func missing(_ language: Language) -> SpeechError {
    SpeechError(
      .unsupportedLanguage, "\(language.label) can't be read here: its dictionary is not installed",
      field: "language")
  }
}
