import SpeechCore

/// The cleaner of every language that can be read here.
enum LanguageCleaners {
  static let rules: [Language: LanguageRules] = [
    .english: .english, .spanish: .spanish, .french: .french, .german: .german, .italian: .italian,
    .portuguese: .portuguese, .polish: .polish, .turkish: .turkish, .russian: .russian, .dutch: .dutch,
    .czech: .czech, .arabic: .arabic, .hungarian: .hungarian, .hindi: .hindi, .korean: .korean,
  ]

  /// - Parameter japaneseDictionary: a MeCab dictionary's folder; nil looks for one in the usual places.
  static func all(japaneseDictionary: String?) -> [Language: any LanguageCleaner] {
    var cleaners: [Language: any LanguageCleaner] = rules.mapValues { UpstreamCleaner($0) }
    cleaners[.korean] = KoreanCleaner()
    cleaners[.chinese] = ChineseCleaner()
    if let folder = JapaneseDictionary.find(japaneseDictionary) {
      cleaners[.japanese] = try? JapaneseCleaner(dictionaryFolder: folder)
    }
    return cleaners
  }

  static func missing(_ language: Language) -> SpeechError {
    SpeechError(
      .unsupportedLanguage,
      "\(language.label) needs a MeCab dictionary: run tools/setup-japanese, or name the folder of one in "
        + "XTTS_JAPANESE_DICTIONARY",
      field: "language")
  }
}
