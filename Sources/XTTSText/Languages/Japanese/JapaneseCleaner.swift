import Foundation

/// Japanese to romaji. Numbers stay digits, as upstream leaves them.
struct JapaneseCleaner: LanguageCleaner {
  private let analyzer: MorphologicalAnalyzer

  init(dictionaryFolder: String) throws(TextError) {
    analyzer = try MorphologicalAnalyzer(folder: dictionaryFolder)
  }

  func clean(_ text: Scalars) -> Scalars {
    clean(text, keepsUnknown: false)
  }

  func cleanKeepingUnknown(_ text: Scalars) -> Scalars { clean(text, keepsUnknown: true) }

  func romanize(_ text: Scalars) -> Scalars { clean(text, keepsUnknown: true) }

  private func clean(_ text: Scalars, keepsUnknown: Bool) -> Scalars {
    let words = analyzer.morphemes(Self.normalized(text))
    return Scalars(JapaneseRomanization.romanize(words, keepsUnknown: keepsUnknown)).lowercased().stripped()
  }

  /// Compatibility forms and quotation marks to plain ones.
  static func normalized(_ text: Scalars) -> Scalars {
    Scalars(String(text).precomposedStringWithCompatibilityMapping).map { scalar in
      switch scalar {
      case "‘": "`"
      case "’": "'"
      case "”": "\""
      default: scalar
      }
    }
  }
}
