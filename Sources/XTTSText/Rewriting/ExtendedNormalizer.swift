import SpeechCore

/// Rewrites what upstream would misread into words it reads well, before upstream's own cleaning. Text that no rule
/// matches is given back as it is.
struct ExtendedNormalizer: Sendable {
  private let rules: [any RewriteRule]
  private let digits: NativeDigits?

  init(language: Language) {
    digits = NativeDigits(language: language)
    let finalNumber = FinalNumberRule(language: language).map { [$0 as any RewriteRule] } ?? []
    guard let words = SpokenWords.table[language] else {
      rules = (PlainDateRule(language: language).map { [$0 as any RewriteRule] } ?? []) + finalNumber
      return
    }
    // At one place the first rule that matches wins.
    rules =
      [
        WebAddressRule(words: words), DateRule(words: words), TimeRule(words: words), PhoneNumberRule(words: words),
        CurrencyRule(words: words), FractionRule(words: words), OrdinalRule(words: words), UnitRule(words: words),
        RangeRule(words: words), YearRule(words: words), RomanNumeralRule(words: words),
      ] + finalNumber
  }

  func rewrite(_ text: Scalars) -> Scalars {
    var text = Markdown.strip(UnspokenCharacters.remove(text))
    if let digits { text = digits.toASCII(text) }
    let rules = self.rules.filter { $0.mayMatch(in: text) }
    guard !rules.isEmpty, text.contains(where: { Self.mayStart($0) }) else { return text }
    var result = Scalars()
    result.reserveCapacity(text.count + 32)
    var position = 0
    while position < text.count {
      if Self.mayStart(text[position]), !Self.isInsideWord(text, position),
        let match = Self.match(text, at: position, rules)
      {
        result += match.words.unicodeScalars
        position = match.end
      } else {
        result.append(text[position])
        position += 1
      }
    }
    return result
  }

  private static func match(_ text: Scalars, at position: Int, _ rules: [any RewriteRule]) -> RewriteMatch? {
    for rule in rules {
      if let match = rule.match(text, at: position), match.end > position { return match }
    }
    return nil
  }

  private static func mayStart(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCIIDigit || scalar.isWord || scalar == "+" || scalar == "(" || CurrencyRule.signs.contains(scalar)
  }

  /// Rules look at whole words and numbers only.
  private static func isInsideWord(_ text: Scalars, _ position: Int) -> Bool {
    guard position > 0 else { return false }
    let before = text[position - 1]
    if text[position].isASCIIDigit, before == "." || before == "," || before == "/" || before == ":" {
      return position > 1 && text[position - 2].isASCIIDigit
    }
    return before.joinsDigits && text[position].isWord
  }
}

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

extension Scalars {
  /// The scalar at a position that may lie outside.
  func at(_ position: Int) -> Unicode.Scalar? {
    position >= 0 && position < count ? self[position] : nil
  }

  /// A run of ASCII digits: its end, and its value where it has at most nine.
  func number(at start: Int) -> (end: Int, value: Int)? {
    let end = self.end(from: start, while: \.isASCIIDigit)
    guard end > start, end - start <= 9 else { return nil }
    return (end, self[start..<end].reduce(0) { $0 * 10 + $1.digitValue })
  }

  /// The end of a number with grouping and decimals, as written anywhere (`1,234.5`, `1.234,5`, `12`).
  func numeralEnd(from start: Int) -> Int? {
    var end = self.end(from: start, while: \.isASCIIDigit)
    guard end > start else { return nil }
    while let mark = at(end), mark == "." || mark == ",", at(end + 1)?.isASCIIDigit == true {
      end = self.end(from: end + 1, while: \.isASCIIDigit)
    }
    return end
  }

  /// The word that begins at `start`.
  func wordEnd(from start: Int) -> Int {
    end(from: start) { $0.isWord && $0 != "_" }
  }

  /// Whether nothing that belongs to a word or number follows.
  func endsToken(at position: Int) -> Bool {
    guard let next = at(position) else { return true }
    if next.joinsDigits { return false }
    let continues = next == "-" || next == "/" || next == ":" || next == "." || next == ","
    return !(continues && at(position + 1)?.isASCIIDigit == true)
  }
}

extension Unicode.Scalar {
  /// Whether a digit next to it belongs to the same word; not so in scripts that put no spaces between words.
  var joinsDigits: Bool {
    guard isWord else { return false }
    if value < 0x1100 { return true }
    let isHangulOrKana =
      (0x1100...0x11FF).contains(value) || (0x3040...0x30FF).contains(value)
      || (0x3130...0x318F).contains(value) || (0xAC00...0xD7A3).contains(value)
    return !properties.isIdeographic && !isHangulOrKana
  }
}
