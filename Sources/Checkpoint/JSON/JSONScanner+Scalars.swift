extension JSONScanner {
  public mutating func string() throws(CheckpointError) -> JSONText {
    skipSpace()
    let start = position
    guard take(UInt8(ascii: "\"")) else { throw error("expected a string") }
    var (isASCII, hasEscapes) = (true, false)
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        let text = JSONText(
          position: start, bytes: .init(rebasing: bytes[(start + 1)..<position]), hasEscapes: hasEscapes)
        guard isASCII || text.isUTF8 else { throw error("invalid UTF-8 before") }
        position += 1
        return text
      case UInt8(ascii: "\\"):
        hasEscapes = true
        guard JSONText.escaped(bytes, &position) != nil else { throw error("bad escape") }
      case 0..<0x20: throw error("control character in a string")
      default:
        if byte >= 0x80 { isASCII = false }
        position += 1
      }
    }
    throw error("unterminated string")
  }

  /// The next number, where it is whole and an `Int` can hold it; `1.0` and `1e3` are whole too.
  public mutating func wholeNumber() throws(CheckpointError) -> Int? {
    let (text, isInteger) = try number()
    guard isInteger else {
      guard let value = Double(String(decoding: text, as: UTF8.self)), abs(value) < 0x1p53 else { return nil }
      return Int(exactly: value)
    }
    let isNegative = text.first == UInt8(ascii: "-")
    var value = 0
    for digit in isNegative ? text.dropFirst() : text[...] {
      let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
      let (next, carried) = shifted.addingReportingOverflow(Int(digit) - 0x30)
      guard !overflow, !carried else { return nil }
      value = next
    }
    return isNegative ? -value : value
  }

  /// The characters of the next number.
  mutating func number() throws(CheckpointError) -> (text: UnsafeRawBufferPointer, isInteger: Bool) {
    skipSpace()
    let start = position
    var isInteger = true
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) {
      isInteger = false
      try digits()
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isInteger = false
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    return (.init(rebasing: bytes[start..<position]), isInteger)
  }

  private mutating func digits() throws(CheckpointError) {
    let start = position
    while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
    guard position > start else { throw error("a value is missing") }
  }
}
