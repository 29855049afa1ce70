/// What a rule found: everything up to `end` is said as `words`.
struct RewriteMatch {
  var end: Int
  var words: String
}

protocol RewriteRule: Sendable {
  /// The match that begins exactly at `position`, the start of a word, a number or a sign.
  func match(_ text: Scalars, at position: Int) -> RewriteMatch?

  /// Whether the text holds what every match needs; asked once for each text.
  func mayMatch(in text: Scalars) -> Bool
}

extension RewriteRule {
  func mayMatch(in text: Scalars) -> Bool { text.contains(where: \.isASCIIDigit) }
}
