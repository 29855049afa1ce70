/// A number with a decimal point as Python holds and prints it, which is what upstream's number words start from.
struct PythonFloat: Sendable {
  let value: Double

  /// `float(text)` for digits with at most one point.
  init?(_ text: some StringProtocol) {
    guard let value = Double(text), value.isFinite else { return nil }
    self.value = value
  }

  init(_ value: Double) {
    self.value = value
  }

  var isWhole: Bool { value == value.rounded(.towardZero) }

  /// The shortest digits that read back as the value, and where the point is: `0.d₁d₂… × 10^exponent`.
  private var shortest: (digits: [UInt8], exponent: Int) {
    var digits: [UInt8] = []
    var exponent = 0
    var seenPoint = false
    var written = Substring(value.magnitude.description)
    if let marker = written.firstIndex(where: { $0 == "e" || $0 == "E" }) {
      exponent = Int(written[written.index(after: marker)...]) ?? 0
      written = written[..<marker]
    }
    for byte in written.utf8 {
      if byte == UInt8(ascii: ".") {
        seenPoint = true
      } else {
        digits.append(byte - 0x30)
        if !seenPoint { exponent += 1 }
      }
    }
    let leadingZeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(leadingZeros)
    exponent -= leadingZeros
    while digits.last == 0 { digits.removeLast() }
    return digits.isEmpty ? ([0], 1) : (digits, exponent)
  }

  /// `str(value)` split at its point; nil where Python switches to exponents (from 1e16 up, below 1e-4).
  var parts: (whole: String, fraction: String)? {
    let (digits, exponent) = shortest
    guard exponent > -4, exponent <= 16 else { return nil }
    func text(_ digits: some Sequence<UInt8>) -> String { String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self) }
    if exponent <= 0 {
      return ("0", String(repeating: "0", count: -exponent) + text(digits))
    }
    let whole = digits.prefix(exponent)
    let zeros = String(repeating: "0", count: exponent - whole.count)
    let fraction = text(digits.dropFirst(exponent))
    return (text(whole) + zeros, fraction.isEmpty ? "0" : fraction)
  }

  /// Digits after the point in `str(value)`.
  var precision: Int {
    let (digits, exponent) = shortest
    return isWhole ? 1 : max(digits.count - exponent, 0)
  }

  /// The whole part and the digits after the point as num2words' `float2tuple` computes them, rounding faults included.
  var wholeAndDigits: (whole: DecimalInteger, digits: [Int]) {
    let whole = value.rounded(.towardZero)
    let precision = self.precision
    let scaled = (value - whole).magnitude * Self.powerOfTen(precision)
    let nearest = scaled.rounded(.toNearestOrEven)
    let post = (nearest - scaled).magnitude < 0.01 ? nearest : scaled.rounded(.down)
    let written = DecimalInteger(exactly: post).digits.map(Int.init)
    let padded = Array(repeating: 0, count: max(precision - written.count, 0)) + written
    return (DecimalInteger(exactly: whole), Array(padded.prefix(precision)))
  }

  private static func powerOfTen(_ power: Int) -> Double {
    Double("1e\(power)") ?? .infinity
  }

  /// Whole units and hundredths, rounded half up on the exact binary value.
  var unitsAndHundredths: (units: DecimalInteger, hundredths: Int) {
    let magnitude = value.magnitude
    guard magnitude.isNormal else { return (DecimalInteger(0), 0) }
    let shift = 52 - Int(magnitude.exponent)
    guard shift > 0 else { return (DecimalInteger(exactly: magnitude), 0) }
    guard shift < 63 else { return (DecimalInteger(0), 0) }
    let significand = magnitude.significandBitPattern | (1 << 52)
    let scaled = significand * 100
    let remainder = scaled & ((1 << UInt64(shift)) - 1)
    var hundredths = scaled >> UInt64(shift)
    if remainder >= 1 << UInt64(shift - 1) { hundredths += 1 }
    return (DecimalInteger(Int(hundredths / 100)), Int(hundredths % 100))
  }
}
