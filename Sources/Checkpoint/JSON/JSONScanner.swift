/// Reads JSON (RFC 8259) where it lies and builds nothing: the caller takes the values it came for and passes over the
/// rest. All of it is checked on the way, and nesting is bounded.
///
/// The bytes must outlive the scanner and every ``JSONText`` it gives. Members with the same name are all given.
public struct JSONScanner {
  public enum Kind: Sendable {
    case object, array, string, number, bool, null
  }

  static let maximumDepth = 64

  let bytes: UnsafeRawBufferPointer
  public internal(set) var position: Int
  private var depth = 0
  /// Whether an object or array was entered and nothing of it was read.
  private var isFirst = false

  /// - Parameter position: of a value, or of a member's name.
  public init(_ bytes: UnsafeRawBufferPointer, at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  /// What the next value is.
  public mutating func kind() throws(CheckpointError) -> Kind {
    skipSpace()
    switch current ?? 0 {
    case UInt8(ascii: "{"): return .object
    case UInt8(ascii: "["): return .array
    case UInt8(ascii: "\""): return .string
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
    case UInt8(ascii: "n"): return .null
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): return .number
    default: throw error("a value is missing")
    }
  }

  /// Goes into an object; ``nextMember()`` gives its members.
  public mutating func enterObject() throws(CheckpointError) { try enter(UInt8(ascii: "{"), "an object") }

  /// Goes into an array; ``nextElement()`` finds its elements.
  public mutating func enterArray() throws(CheckpointError) { try enter(UInt8(ascii: "["), "an array") }

  /// The name of the next member, whose value is to be read next; nil after the last.
  public mutating func nextMember() throws(CheckpointError) -> JSONText? {
    guard try next(until: UInt8(ascii: "}"), "expected , or }") else { return nil }
    return try memberName()
  }

  /// Whether there is another element, which is to be read next.
  public mutating func nextElement() throws(CheckpointError) -> Bool {
    try next(until: UInt8(ascii: "]"), "expected , or ]")
  }

  /// A member's name and the colon.
  public mutating func memberName() throws(CheckpointError) -> JSONText {
    skipSpace()
    guard current == UInt8(ascii: "\"") else { throw error("expected a member name") }
    let name = try string()
    skipSpace()
    guard take(UInt8(ascii: ":")) else { throw error("expected :") }
    return name
  }

  public mutating func bool() throws(CheckpointError) -> Bool {
    skipSpace()
    if current == UInt8(ascii: "t") {
      try word("true")
      return true
    }
    try word("false")
    return false
  }

  /// Passes over a value of any kind.
  public mutating func skip() throws(CheckpointError) {
    switch try kind() {
    case .object:
      try enterObject()
      while try nextMember() != nil { try skip() }
    case .array:
      try enterArray()
      while try nextElement() { try skip() }
    case .string: _ = try string()
    case .number: _ = try number()
    case .bool: _ = try bool()
    case .null: try word("null")
    }
  }

  /// Checks that nothing follows.
  public mutating func finish() throws(CheckpointError) {
    skipSpace()
    guard position == bytes.count else { throw error("text after the document") }
  }

  // MARK: - Bytes

  func error(_ problem: String) -> CheckpointError {
    CheckpointError(.malformed, "not JSON: \(problem) at byte \(position)")
  }

  var current: UInt8? { position >= 0 && position < bytes.count ? bytes[position] : nil }

  mutating func take(_ byte: UInt8) -> Bool {
    guard current == byte else { return false }
    position += 1
    return true
  }

  mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func word(_ word: StaticString) throws(CheckpointError) {
    for index in 0..<word.utf8CodeUnitCount {
      guard take(word.utf8Start[index]) else { throw error("unknown word") }
    }
  }

  private mutating func enter(_ bracket: UInt8, _ what: String) throws(CheckpointError) {
    skipSpace()
    guard depth < Self.maximumDepth else { throw error("nested deeper than \(Self.maximumDepth)") }
    guard take(bracket) else { throw error("expected \(what)") }
    depth += 1
    isFirst = true
  }

  private mutating func next(until bracket: UInt8, _ problem: String) throws(CheckpointError) -> Bool {
    skipSpace()
    if take(bracket) {
      depth -= 1
      isFirst = false
      return false
    }
    guard isFirst || take(UInt8(ascii: ",")) else { throw error(problem) }
    isFirst = false
    return true
  }
}
