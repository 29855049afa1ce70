import SpeechCore

/// Rewrites what upstream would misread into words it reads well, before upstream's own cleaning. Text that no rule
/// matches is returned unchanged.
struct ExtendedNormalizer: Sendable {
  private let rules: [any RewriteRule]
  private let digits: NativeDigits?
  private let writtenForms: WrittenForms
  private let lineBreaks: LineBreaks
  private let brackets: BracketedReadings

  /// - Parameters:
  ///   - words: the language's words for what the rules expand; nil leaves only ISO dates and native digits.
  ///   - finalNumbers: the numbers of a language in which upstream reads a number before the last full stop as an ordinal.
  init(language: Language, words: SpokenWords?, finalNumbers: (any NumberWords)?, numbers: (any NumberWords)?) {
    digits = NativeDigits(language: language)
    writtenForms = WrittenForms(language: language)
    lineBreaks = LineBreaks(language: language)
    brackets = BracketedReadings(language: language)
    let finalNumber = finalNumbers.map { [FinalNumberRule(numbers: $0, language: language) as any RewriteRule] } ?? []
    let values: any RewriteRule = ValueRule(language: language, numbers: numbers)
    guard let words else {
      rules =
        [WebAddressRule(words: SpokenWords.webWords(language))]
        + (PlainDateRule(language: language, numbers: numbers).map { [$0 as any RewriteRule] } ?? []) + [values]
        + finalNumber
      return
    }
    // At one place the first rule that matches wins.
    rules =
      [
        WebAddressRule(words: words.webWords), DateRule(words: words), DecadeRule(words: words),
        MonthDayRule(words: words), TimeRule(words: words), FractionRule(words: words), OrdinalRule(words: words),
        values, YearRule(words: words), RomanNumeralRule(words: words),
      ] + finalNumber
  }

  func rewrite(_ text: Scalars) -> Scalars {
    // Emoji sequences first, while their joiners are there; again for brackets that were full width.
    var text = writtenForms.unify(Markup.strip(UnspokenCharacters.remove(text)))
    text = Markdown.strip(UnspokenCharacters.remove(text))
    text = brackets.remove(lineBreaks.mark(text))
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
    scalar.isASCIIDigit || scalar.isWord || "+(-−–~〜=×÷#№@&%§:/<>≤≥≈±√²³¢".unicodeScalars.contains(scalar)
      || scalar.properties.generalCategory == .currencySymbol || WrittenForms.isFraction(scalar)
  }

  /// Rules look at whole words and numbers only.
  private static func isInsideWord(_ text: Scalars, _ position: Int) -> Bool {
    guard position > 0 else { return false }
    let before = text[position - 1]
    if text[position].isASCIIDigit, before == "." || before == "," || before == "/" || before == ":" {
      return position > 1 && text[position - 2].isASCIIDigit
    }
    return before.joinsDigits && text[position].isWord && text[position] != "²" && text[position] != "³"
  }
}
