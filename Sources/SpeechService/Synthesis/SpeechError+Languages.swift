import SpeechCore

extension SpeechError {
  /// `unsupported_language` for a language that the loaded model has no part of, with what it has: a list of codes, or
  /// the one language by name.
  init(unspoken language: Language, spoken: [Language]) {
    let allowed =
      if let only = spoken.first, spoken.count == 1 {
        "\(only.label) only (\(only.rawValue))"
      } else {
        spoken.map(\.rawValue).joined(separator: " ")
      }
    self.init(
      .unsupportedLanguage, "this model does not speak \(language.rawValue); it speaks \(allowed)", field: "language")
  }
}
