extension SpeechError {
  /// `unsupported_language` for a language that is not part of the loaded model. The message has the model's languages:
  /// a list of codes, or the only language by name.
  public init(unspoken language: Language, spoken: [Language]) {
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
