/// Numbers in words as num2words 0.5.14 says them in one language. Every method gives nil where num2words raises.
protocol NumberWords: Sendable {
  func cardinal(_ number: DecimalInteger) -> String?
  func ordinal(_ number: DecimalInteger) -> String?
  /// A number written with a decimal point.
  func decimal(_ number: PythonFloat) -> String?
  /// An amount of money, cents always said.
  func amount(_ number: PythonFloat, _ currency: Currency) -> String?
  /// The text between units and cents; upstream cuts a whole amount at its last occurrence.
  var centsSeparator: String { get }
}

extension NumberWords {
  /// num2words' base rule: the whole part, the word for the point, then digit by digit.
  /// - Parameter groupDigits: the number of digits in a group, for whole numbers too large to be exact.
  func decimalByDigits(_ number: PythonFloat, point: String, groupDigits: Int = 3) -> String? {
    guard !number.isWhole else { return cardinal(DecimalInteger(dividing: number.value, groupDigits: groupDigits)) }
    let (whole, digits) = number.wholeAndDigits
    guard let wholeWords = cardinal(whole) else { return nil }
    let digitWords = digits.compactMap { cardinal(DecimalInteger($0)) }
    return ([wholeWords, point] + digitWords).joined(separator: " ")
  }

  /// num2words' base rule for money: units, separator, cents, each with its noun.
  func amountInUnitsAndCents(
    _ number: PythonFloat, separator: String, unit: (DecimalInteger) -> String, cent: (Int) -> String
  ) -> String? {
    let (units, hundredths) = number.unitsAndHundredths
    guard units.digitCount <= 26, let unitWords = cardinal(units),
      let centWords = cardinal(DecimalInteger(hundredths))
    else { return nil }
    return "\(unitWords) \(unit(units))\(separator) \(centWords) \(cent(hundredths))"
  }
}

/// Singular and plural of a currency's noun.
struct NounForms: Sendable {
  var one: String
  var many: String

  init(_ one: String, _ many: String) {
    self.one = one
    self.many = many
  }

  func callAsFunction(_ count: DecimalInteger) -> String { count.digits == [1] ? one : many }
  func callAsFunction(_ count: Int) -> String { count == 1 ? one : many }
}
