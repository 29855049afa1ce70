/// Reads one JSON document. Nesting is bounded, so that a file can't exhaust the stack.
struct JSONParser {
  static let maximumDepth = 64

  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private var depth = 0

  static func parse(_ bytes: UnsafeRawBufferPointer) throws(JSONError) -> JSONValue {
    var parser = JSONParser(bytes: bytes)
    let value = try parser.value()
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.error("text after the document") }
    return value
  }

  private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  // MARK: - Values

  private mutating func value() throws(JSONError) -> JSONValue {
    skipSpace()
    switch current ?? 0 {
    case UInt8(ascii: "{"): return .object(try object())
    case UInt8(ascii: "["): return .array(try array())
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): return .number(try number())
    default: throw error("a value is missing")
    }
  }

  private mutating func object() throws(JSONError) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    try enter()
    while try hasNext(isFirst: members.isEmpty, until: UInt8(ascii: "}"), "expected , or }") {
      guard current == UInt8(ascii: "\"") else { throw error("expected a member name") }
      let name = try string()
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw error("expected :") }
      members.append(JSONValue.Member(name, try value()))
    }
    return members
  }

  private mutating func array() throws(JSONError) -> [JSONValue] {
    var elements: [JSONValue] = []
    try enter()
    while try hasNext(isFirst: elements.isEmpty, until: UInt8(ascii: "]"), "expected , or ]") {
      elements.append(try value())
    }
    return elements
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
    for index in 0..<word.utf8CodeUnitCount {
      guard take(word.utf8Start[index]) else { throw error("unknown word") }
    }
    return value
  }

  private mutating func number() throws(JSONError) -> String {
    let start = position
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits() throws(JSONError) {
    let start = position
    while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
    guard position > start else { throw error("a value is missing") }
  }

  // MARK: - Strings

  private mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    // `text` has everything before `copied`.
    var text: [UInt8] = []
    var copied = start
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        text += bytes[copied..<position]
        guard let string = String(validating: text, as: UTF8.self) else { throw error("invalid UTF-8 before") }
        position += 1
        return string
      case UInt8(ascii: "\\"):
        text += bytes[copied..<position]
        guard let scalar = escape() else { throw error("bad escape") }
        text += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
        copied = position
      case 0..<0x20: throw error("control character in a string")
      default: position += 1
      }
    }
    throw error("unterminated string")
  }

  /// The scalar of the escape that begins here; nil when it is none.
  private mutating func escape() -> Unicode.Scalar? {
    position += 1
    guard let letter = current else { return nil }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: return nil
    }
    guard let unit = unit() else { return nil }
    guard (0xD800..<0xDC00).contains(unit) else { return Unicode.Scalar(unit) }
    guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")), let low = self.unit(), (0xDC00..<0xE000).contains(low)
    else { return nil }
    return Unicode.Scalar(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
  }

  private mutating func unit() -> UInt32? {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }

  // MARK: - Bytes

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func enter() throws(JSONError) {
    guard depth < Self.maximumDepth else { throw error("nested deeper than \(Self.maximumDepth)") }
    depth += 1
    position += 1
  }

  /// Whether another member or element follows.
  private mutating func hasNext(
    isFirst: Bool, until bracket: UInt8, _ problem: String
  ) throws(JSONError) -> Bool {
    skipSpace()
    if take(bracket) {
      depth -= 1
      return false
    }
    guard isFirst || take(UInt8(ascii: ",")) else { throw error(problem) }
    skipSpace()
    return true
  }

  private func error(_ problem: String) -> JSONError {
    let before = bytes.prefix(position)
    let line = before.count { $0 == 0x0A } + 1
    let column = position - (before.lastIndex(of: 0x0A) ?? -1)
    return JSONError(.malformed, "not JSON: \(problem) at line \(line), column \(column)")
  }
}
