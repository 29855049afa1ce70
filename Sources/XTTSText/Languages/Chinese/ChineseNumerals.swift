/// Numbers in Chinese characters as upstream's `zh_num2words` writes them. Digits of any script are taken.
enum ChineseNumerals {
  private static let digits: Scalars = Array("零一二三四五六七八九".unicodeScalars)
  /// Units by power of ten, lowest first.
  private static let units: [(power: Int, name: Unicode.Scalar)] = [
    (1, "十"), (2, "百"), (3, "千"), (4, "万"), (8, "亿"), (12, "兆"), (16, "京"), (20, "垓"), (24, "秭"), (28, "穰"),
    (32, "沟"), (36, "涧"), (40, "正"), (44, "载"),
  ]

  private enum Symbol {
    case digit(Int)
    case unit(power: Int, name: Unicode.Scalar)
    case point
  }

  /// Digit by digit: years, telephone and other numbers that name rather than count.
  static func spelled(_ number: some Sequence<Unicode.Scalar>) -> Scalars {
    number.filter(\.isDecimalDigit).map { digits[value($0)] }
  }

  /// A count, with at most one decimal point.
  static func cardinal(_ number: some Sequence<Unicode.Scalar>) -> Scalars {
    let parts = Scalars(number).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let whole = parts.first ?? []
    var symbols = whole.count > 1 ? Self.symbols(whole) : whole.map { .digit(value($0)) }
    if parts.count == 2, !parts[1].isEmpty {
      symbols.append(.point)
      symbols += parts[1].map { .digit(value($0)) }
    }
    var text = write(symbols)
    if text.first == "点" { text.insert("零", at: 0) }
    // `十二`, not `一十二`.
    if text.count >= 2, text[0] == "一", text[1] == "十" { text.removeFirst() }
    return text
  }

  private static func value(_ digit: Unicode.Scalar) -> Int {
    digit.isASCII ? digit.digitValue : Int(digit.properties.numericValue ?? 0)
  }

  /// Only ASCII zeros are passed over, as upstream does it.
  private static func symbols(_ digits: ArraySlice<Unicode.Scalar>) -> [Symbol] {
    let significant = digits.drop { $0 == "0" }
    guard let first = significant.first else { return [] }
    if significant.count == 1 {
      return digits.count > 1 ? [.digit(0), .digit(value(first))] : [.digit(value(first))]
    }
    guard let unit = units.last(where: { $0.power < significant.count }) else { return [] }
    return symbols(digits.dropLast(unit.power)) + [.unit(power: unit.power, name: unit.name)]
      + symbols(significant.suffix(unit.power))
  }

  private static func write(_ symbols: [Symbol]) -> Scalars {
    symbols.enumerated().map { index, symbol in
      switch symbol {
      case .unit(_, let name): return name
      case .point: return "点"
      case .digit(2) where isCountedTwo(symbols, at: index): return "两"
      case .digit(let value): return digits[value]
      }
    }
  }

  /// Two is `两` before a unit other than ten, unless another digit or ten comes before it.
  private static func isCountedTwo(_ symbols: [Symbol], at index: Int) -> Bool {
    guard index + 1 < symbols.count, case .unit(let next, _) = symbols[index + 1], next != 1 else { return false }
    guard index > 0 else { return true }
    guard case .unit(let previous, _) = symbols[index - 1] else { return false }
    return previous != 1
  }
}
