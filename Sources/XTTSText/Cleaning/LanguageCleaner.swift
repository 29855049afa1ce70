import SpeechCore

/// Turns a lower-cased text of one language into the text that the model reads.
protocol LanguageCleaner: Sendable {
  func clean(_ text: Scalars) -> Scalars
}

extension UpstreamCleaner: LanguageCleaner {}
