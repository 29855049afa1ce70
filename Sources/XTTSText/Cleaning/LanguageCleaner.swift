import SpeechCore

/// Turns a lower-cased text of one language into the text that the model reads.
protocol LanguageCleaner: Sendable {
  func clean(_ text: Scalars) -> Scalars

  /// The same, but characters that the language can't read stay as they are.
  func cleanKeepingUnknown(_ text: Scalars) -> Scalars

  /// The text in the letters that the model reads, nothing else rewritten.
  func romanize(_ text: Scalars) -> Scalars
}

extension LanguageCleaner {
  func cleanKeepingUnknown(_ text: Scalars) -> Scalars { clean(text) }
  func romanize(_ text: Scalars) -> Scalars { text }
}

extension UpstreamCleaner: LanguageCleaner {}

/// Upstream's `basic_cleaners` of a lower-cased text.
struct BasicCleaner: LanguageCleaner {
  func clean(_ text: Scalars) -> Scalars { text.collapsingWhitespace() }
}
