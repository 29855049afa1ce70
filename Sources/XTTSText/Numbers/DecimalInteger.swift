/// A non-negative whole number of any size, kept as its decimal digits: number words are made from digit groups, and
/// text holds numbers no machine integer does.
struct DecimalInteger: Sendable, Hashable {
  /// Values 0–9, no leading zero; zero is `[0]`.
  let digits: [UInt8]

  init(digits: some Sequence<UInt8>) {
    let significant = Array(digits.drop { $0 == 0 })
    self.digits = significant.isEmpty ? [0] : significant
  }

  init(_ value: Int) {
    self.init(digits: String(value.magnitude).utf8.map { $0 - 0x30 })
  }

  /// From scalars that are all ASCII digits.
  init(_ scalars: some Sequence<Unicode.Scalar>) {
    self.init(digits: scalars.map { UInt8($0.digitValue) })
  }

  /// A whole double ≥ 0, exactly.
  init(exactly value: Double) {
    var digits: [UInt8] = []
    var significand = value.magnitude.rounded(.towardZero)
    guard significand.isFinite, significand >= 1 else {
      self.init(0)
      return
    }
    if significand < 0x1p63 {
      self.init(Int(significand))
      return
    }
    // A double this large is an integer times a power of two: double its digits that many times.
    var doublings = 0
    while significand >= 0x1p63 {
      significand /= 2
      doublings += 1
    }
    digits = String(Int(significand)).utf8.reversed().map { $0 - 0x30 }
    for _ in 0..<doublings {
      var carry: UInt8 = 0
      for index in digits.indices {
        let doubled = digits[index] * 2 + carry
        digits[index] = doubled % 10
        carry = doubled / 10
      }
      if carry > 0 { digits.append(carry) }
    }
    self.init(digits: digits.reversed())
  }

  /// A whole double as num2words takes it apart: by repeated floating-point division, group by group. From 10²² on the
  /// divisors are no longer exact and the lower groups come out wrong, which is what the model was trained on.
  init(dividing value: Double, groupDigits: Int) {
    guard value >= 1e22, value.isFinite else {
      self.init(exactly: value)
      return
    }
    var power = (DecimalInteger(exactly: value).digitCount - 1) / groupDigits * groupDigits
    var rest = value
    var digits: [UInt8] = []
    while power >= 0 {
      let unit = Double("1e\(power)") ?? 1
      let remainder = rest.truncatingRemainder(dividingBy: unit)
      let group = DecimalInteger(exactly: ((rest - remainder) / unit).rounded()).digits.suffix(groupDigits)
      digits += Array(repeating: 0, count: groupDigits - group.count) + group
      rest = remainder
      power -= groupDigits
    }
    self.init(digits: digits)
  }

  var digitCount: Int { digits.count }
  var isZero: Bool { digits == [0] }

  /// The value where it is below 10¹⁸.
  var int: Int? {
    guard digits.count <= 18 else { return nil }
    return digits.reduce(0) { $0 * 10 + Int($1) }
  }

  /// Quotient and remainder by 10^`power`.
  func divided(byPowerOfTen power: Int) -> (quotient: DecimalInteger, remainder: DecimalInteger) {
    guard power < digits.count else { return (DecimalInteger(0), self) }
    let cut = digits.count - power
    return (DecimalInteger(digits: digits[..<cut]), DecimalInteger(digits: digits[cut...]))
  }

  /// Groups of three digits, highest first; the first may hold fewer.
  var groupsOfThree: [Int] {
    var groups: [Int] = []
    var index = 0
    var length = digits.count % 3 == 0 ? 3 : digits.count % 3
    while index < digits.count {
      groups.append(digits[index..<(index + length)].reduce(0) { $0 * 10 + Int($1) })
      index += length
      length = 3
    }
    return groups
  }

  /// The value of the last `count` digits, at most 18.
  func last(_ count: Int) -> Int {
    digits.suffix(min(count, 18)).reduce(0) { $0 * 10 + Int($1) }
  }
}
