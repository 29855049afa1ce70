import SpeechCore

/// Typed values, recognised and said.
struct ValueRule: RewriteRule {
  private let recognizer: ValueRecognizer
  private let speaker: ValueSpeaker

  init(language: Language, numbers: (any NumberWords)?) {
    recognizer = ValueRecognizer(language: language)
    speaker = ValueSpeaker(language: language, numbers: numbers)
  }

  /// Abbreviations begin with any letter.
  func mayMatch(in text: Scalars) -> Bool { true }

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    guard let value = recognizer.value(in: text, at: position), let words = speaker.words(for: value, in: text) else {
      return nil
    }
    return RewriteMatch(end: value.range.upperBound, words: words)
  }
}
