import SpeechCore

/// The cleaner of every language that can be read here.
enum LanguageCleaners {
  static func all() -> [Language: any LanguageCleaner] {
    [.english: UpstreamCleaner(.english)]
  }

  static func missing(_ language: Language) -> SpeechError {
    SpeechError(
      .unsupportedLanguage, "\(language.label) can't be read here: its dictionary is not installed",
      field: "language")
  }
}
