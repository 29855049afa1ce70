import SpeechCore

/// From a lower-cased text to what the model reads, whatever the language.
protocol LanguageCleaner: Sendable {
  func clean(_ text: Scalars) -> Scalars
}

extension UpstreamCleaner: LanguageCleaner {}
