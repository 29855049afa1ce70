import SpeechCore

extension ExtendedNormalizer {
  private static let spokenWords: [Language: SpokenWords] = [
    .english: .english, .spanish: .spanish, .french: .french, .german: .german, .italian: .italian,
    .portuguese: .portuguese,
  ]
  private static let finalNumbers: [Language: any NumberWords] = [
    .german: GermanNumbers(), .czech: CzechNumbers(), .hungarian: HungarianNumbers(), .turkish: TurkishNumbers(),
  ]

  init(language: Language) {
    self.init(
      language: language, words: Self.spokenWords[language], finalNumbers: Self.finalNumbers[language],
      numbers: LanguageCleaners.rules[language]?.numbers)
  }
}
