import SpeechCore

/// Numbers that no rule knows, such as `x4.737762€`, and of which upstream would round the last digits: amounts of
/// money, and every decimal number in Arabic. They are read digit by digit.
struct UnknownNumbers: RewriteRule {
  let numbers: any NumberWords
  private let isArabic: Bool
  private let isPortuguese: Bool
  private let point: String

  init(language: Language, numbers: any NumberWords) {
    self.numbers = numbers
    isArabic = language == .arabic
    isPortuguese = language == .portuguese
    point = SpokenSigns(language)[.point]
  }

  func match(_ text: Scalars, at position: Int) -> RewriteMatch? {
    guard text[position].isASCIIDigit, text.at(position - 1)?.isASCIIDigit != true else { return nil }
    let first = text.end(from: position, while: \.isASCIIDigit)
    let isFraction = Self.isMark(text.at(position - 1))
    if isPortuguese, !isFraction, let amount = wholeAmount(text, position..<first) { return amount }
    let end =
      !isFraction && Self.isMark(text.at(first)) ? text.end(from: first + 1, while: \.isASCIIDigit) : first
    let fraction = text[(isFraction ? position : min(first + 1, end))..<end]
    guard fraction.count > 2, isArabic || isMoney(text, position, end) else { return nil }
    var words = digits(fraction)
    if !isFraction {
      let whole = text[position..<first]
      words = "\(numbers.cardinal(DecimalInteger(whole)) ?? digits(whole)) \(point) \(words)"
    }
    if text.at(position - 1).map({ $0.isWord || Self.isMark($0) }) == true { words = " " + words }
    return RewriteMatch(end: end, words: text.at(end).map { $0.isPythonSpace ? words : words + " " } ?? words)
  }

  /// `x563€`: upstream drops the last number word of whole amounts.
  private func wholeAmount(_ text: Scalars, _ digits: Range<Int>) -> RewriteMatch? {
    guard let currency = Currency.allCases.first(where: { $0.sign == text.at(digits.upperBound) }),
      let words = PythonFloat(String(text[digits])).flatMap({ numbers.amount($0, currency) })
    else { return nil }
    let isGlued = text.at(digits.lowerBound - 1)?.isWord == true
    return RewriteMatch(end: digits.upperBound + 1, words: isGlued ? " " + words : words)
  }

  private func digits(_ digits: ArraySlice<Unicode.Scalar>) -> String {
    digits.compactMap { numbers.cardinal(DecimalInteger($0.digitValue)) }.joined(separator: " ")
  }

  private func isMoney(_ text: Scalars, _ start: Int, _ end: Int) -> Bool {
    [text.at(start - 1), text.at(end)].contains { $0?.properties.generalCategory == .currencySymbol }
  }

  private static func isMark(_ scalar: Unicode.Scalar?) -> Bool { scalar == "." || scalar == "," }
}
