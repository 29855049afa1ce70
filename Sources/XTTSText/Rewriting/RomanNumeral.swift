/// Roman numerals in their usual form up to 399.
enum RomanNumeral {
  private static let values: [Unicode.Scalar: Int] = ["I": 1, "V": 5, "X": 10, "L": 50, "C": 100]

  static func end(_ text: Scalars, from position: Int) -> Int { text.end(from: position) { values[$0] != nil } }

  /// nil for anything else made of those letters.
  static func value(_ numeral: ArraySlice<Unicode.Scalar>) -> Int? {
    guard !numeral.isEmpty, numeral.count <= 16 else { return nil }
    let digits = numeral.map { values[$0] ?? 0 }
    var total = 0
    for (index, digit) in digits.enumerated() {
      total += index + 1 < digits.count && digit < digits[index + 1] ? -digit : digit
    }
    return total > 0 && written(total).elementsEqual(numeral) ? total : nil
  }

  private static func written(_ value: Int) -> Scalars {
    var rest = value
    var result = Scalars()
    for (unit, letters) in [
      (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
    ] {
      while rest >= unit, result.count < 16 {
        result += letters.unicodeScalars
        rest -= unit
      }
    }
    return result
  }
}
