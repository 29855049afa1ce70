import SpeechCore

/// Rewrites what upstream would misread into words it reads well, before upstream's own cleaning. Text that no rule
/// matches is returned unchanged.
struct ExtendedNormalizer: Sendable {
  private let rules: [any RewriteRule]
  private let unknownNumbers: UnknownNumbers?
  private let largeNumbers: TurkishNumbers?
  private let digits: NativeDigits?
  private let writtenForms: WrittenForms
  private let lineBreaks: LineBreaks
  private let brackets: BracketedReadings

  /// - Parameter numbers: the language's words for numbers; nil leaves digits to upstream's rules.
  init(language: Language, numbers upstream: (any NumberWords)?) {
    largeNumbers = language == .turkish && upstream != nil ? TurkishNumbers(isExact: true) : nil
    let numbers = largeNumbers ?? upstream
    digits = NativeDigits(language: language)
    writtenForms = WrittenForms(language: language)
    lineBreaks = LineBreaks(language: language)
    brackets = BracketedReadings(language: language)
    guard language.isPublished else {
      rules = []
      unknownNumbers = nil
      return
    }
    // At one place the first rule that matches wins.
    var rules: [any RewriteRule] = [
      WebAddressRule(language: language), ValueRule(language: language, numbers: numbers),
    ]
    // Upstream reads a number before the last full stop as an ordinal.
    if let numbers, [.german, .czech, .hungarian, .turkish].contains(language) {
      rules.append(FinalNumberRule(numbers: numbers, language: language))
    }
    self.rules = rules
    unknownNumbers = numbers.map { UnknownNumbers(language: language, numbers: $0) }
  }

  init(language: Language) {
    self.init(language: language, numbers: LanguageCleaners.rules[language]?.numbers)
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
      } else if let match = unknownNumbers?.match(text, at: position) {
        result += match.words.unicodeScalars
        position = match.end
      } else {
        result.append(text[position])
        position += 1
      }
    }
    return largeNumbers.map { inWords(result, $0) } ?? result
  }

  /// Numbers that upstream would say with words missing.
  private func inWords(_ text: Scalars, _ numbers: TurkishNumbers) -> Scalars {
    var result = Scalars()
    var position = 0
    while position < text.count {
      let end = text.end(from: position, while: \.isASCIIDigit)
      if end - position > 5, let words = numbers.cardinal(DecimalInteger(text[position..<end])) {
        result += words.unicodeScalars
      } else {
        result += text[position..<end]
      }
      if end < text.count { result.append(text[end]) }
      position = end + 1
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
    scalar.isASCIIDigit || scalar.isWord || "+(-−–~〜=×÷#№@&%٪§:/<>≤≥≈≠±√²³¢^".unicodeScalars.contains(scalar)
      || scalar.properties.generalCategory == .currencySymbol
  }

  /// Upstream rounds such a number in some languages.
  private static func hasLongFraction(_ text: Scalars, _ position: Int) -> Bool {
    let mark = text.end(from: position, while: \.isASCIIDigit)
    return text.at(mark) == "." && text.end(from: mark + 1, limit: 3, while: \.isASCIIDigit) == mark + 4
  }

  /// Rules look at whole words and numbers only.
  private static func isInsideWord(_ text: Scalars, _ position: Int) -> Bool {
    guard position > 0 else { return false }
    let before = text[position - 1]
    if text[position].isASCIIDigit, before == "." || before == "," || before == "/" || before == ":" {
      return position > 1 && text[position - 2].isASCIIDigit && !(before == "/" && hasLongFraction(text, position))
    }
    // `3x4`
    if text[position] == "x" || text[position] == "х", before.isASCIIDigit, text.at(position + 1)?.isASCIIDigit == true
    {
      return false
    }
    return before.joinsDigits && text[position].isWord && text[position] != "²" && text[position] != "³"
  }
}
