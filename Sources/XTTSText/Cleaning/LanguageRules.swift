/// One language's table of what upstream's cleaner does with it.
struct LanguageRules: Sendable {
  enum Grouping: Sendable {
    /// `1,234.5`
    case comma
    /// `1.234,5`
    case point
    /// `1,23,456.7`
    case indian
  }

  var grouping: Grouping = .point
  var numbers: any NumberWords
  /// Whether `12,5` is read as one number; in Turkish upstream reads it as two.
  var expandsDecimals = true
  var ordinalSuffixes: [OrdinalSuffix]
  var abbreviations: [Abbreviation]
  var symbols: [Unicode.Scalar: Scalars]

  /// - Parameter symbols: the words for `& @ % # $ £ °`, in this order.
  init(
    grouping: Grouping = .point, numbers: any NumberWords, expandsDecimals: Bool = true,
    ordinalSuffixes: [OrdinalSuffix], abbreviations: [Abbreviation], symbols: [String]
  ) {
    self.grouping = grouping
    self.numbers = numbers
    self.expandsDecimals = expandsDecimals
    self.ordinalSuffixes = ordinalSuffixes
    self.abbreviations = abbreviations
    self.symbols = SymbolWords.table(symbols)
  }
}

/// The endings that make digits an ordinal.
struct OrdinalSuffix: Sendable, ExpressibleByStringLiteral {
  var text: Scalars
  /// Only before white space or the end of the text.
  var endsWord: Bool

  init(_ text: String, endsWord: Bool = false) {
    self.text = Scalars(text)
    self.endsWord = endsWord
  }

  init(stringLiteral value: String) {
    self.init(value)
  }
}

/// A short form and what it stands for.
struct Abbreviation: Sendable {
  var short: Scalars
  var long: Scalars
  /// Only where no word character follows; short forms with a full stop need no such test.
  var endsWord: Bool

  /// A form that is written with a full stop, here given without it.
  init(_ short: String, _ long: String) {
    self.short = Scalars(short + ".")
    self.long = Scalars(long)
    endsWord = false
  }

  init(word short: String, _ long: String) {
    self.short = Scalars(short)
    self.long = Scalars(long)
    endsWord = true
  }
}
