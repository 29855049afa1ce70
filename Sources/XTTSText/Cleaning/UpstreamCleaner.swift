/// Text as XTTS saw it in training: upstream's `multilingual_cleaners`, for the languages that have a rule table.
struct UpstreamCleaner: Sendable {
  private let rules: LanguageRules
  private let numbers: NumberExpansion
  private let currencies: CurrencyExpansion

  init(_ rules: LanguageRules) {
    self.rules = rules
    numbers = NumberExpansion(rules)
    currencies = CurrencyExpansion(words: rules.numbers)
  }

  /// - Parameter text: lower-cased.
  func clean(_ text: Scalars) -> Scalars {
    var text = text.contains("\"") ? text.filter { $0 != "\"" } : text
    text = expandNumbers(text)
    text = AbbreviationExpansion.expand(text, rules.abbreviations)
    text = SymbolWords.expand(text, table: rules.symbols)
    return text.collapsingWhitespace()
  }

  /// Upstream's `expand_numbers_multilingual`.
  func expandNumbers(_ text: Scalars) -> Scalars {
    guard text.contains(where: \.isASCIIDigit) else { return text }
    var text = text
    switch rules.grouping {
    case .comma: text = GroupingSeparators.removingCommas(text)
    case .point: text = GroupingSeparators.removingPoints(text)
    case .indian: text = GroupingSeparators.removingIndianCommas(text)
    }
    return numbers.apply(to: currencies.apply(to: text))
  }
}
