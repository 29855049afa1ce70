/// The operands of pickle opcodes that stand for a plain value.
extension ByteReader {
  /// Module and class names are far shorter.
  static let maximumNameByteCount = 512

  mutating func pickleOpcode() throws(CheckpointError) -> PickleOpcode {
    let offset = position
    let byte = try uint8()
    guard let opcode = PickleOpcode(rawValue: byte) else {
      throw CheckpointError(
        .refused, "has pickle opcode 0x\(String(byte, radix: 16)) at byte \(offset), which weights don't need")
    }
    return opcode
  }

  /// Passes over what follows an opcode.
  mutating func skipOperand(of opcode: PickleOpcode) throws(CheckpointError) {
    switch opcode {
    case .proto, .binInt1, .binPut, .binGet: try skip(1)
    case .binInt2: try skip(2)
    case .binInt, .longBinPut, .longBinGet: try skip(4)
    case .binFloat, .frame: try skip(8)
    case .long1, .shortBinUnicode, .shortBinString, .shortBinBytes: try skip(Int(try uint8()))
    case .long4, .binUnicode, .binString, .binBytes: try skip(try uint32())
    case .binUnicode8, .binBytes8, .byteArray8: try skip(try size64())
    case .global:
      try skipLine()
      try skipLine()
    default: break
    }
  }

  /// - Parameter allowance: for text and bytes.
  mutating func pickleScalar(
    _ opcode: PickleOpcode, allowance: inout ReadingAllowance
  ) throws(CheckpointError) -> PickleValue {
    switch opcode {
    case .none: return .none
    case .newTrue: return .bool(true)
    case .newFalse: return .bool(false)
    case .binInt1: return .int(Int(try uint8()))
    case .binInt2: return .int(try uint16())
    case .binInt: return .int(Int(Int32(truncatingIfNeeded: try uint32())))
    case .long1: return try long(byteCount: Int(try uint8()))
    case .long4: return try long(byteCount: try uint32())
    case .binFloat: return .float(Double(bitPattern: (try uint64()).byteSwapped))
    case .shortBinUnicode, .shortBinString: return try text(Int(try uint8()), &allowance)
    case .binUnicode, .binString: return try text(try uint32(), &allowance)
    case .binUnicode8: return try text(try size64(), &allowance)
    case .shortBinBytes: return try bytes(Int(try uint8()), &allowance)
    case .binBytes: return try bytes(try uint32(), &allowance)
    case .binBytes8, .byteArray8: return try bytes(try size64(), &allowance)
    default: throw CheckpointError(.refused, "has pickle opcode \(opcode) in a place where it means nothing")
    }
  }

  /// A line of GLOBAL, without its newline.
  mutating func pickleLine() throws(CheckpointError) -> String {
    let start = position
    try skipLine()
    return String(decoding: bytes[start..<(position - 1)], as: UTF8.self)
  }

  private mutating func skipLine() throws(CheckpointError) {
    var byteCount = 0
    while try uint8() != 0x0A {
      byteCount += 1
      try Self.checkName(byteCount)
    }
  }

  static func checkName(_ byteCount: Int) throws(CheckpointError) {
    guard byteCount <= maximumNameByteCount else {
      throw CheckpointError(.limitExceeded, "has a pickle with a class name over \(maximumNameByteCount) bytes")
    }
  }

  private mutating func text(
    _ byteCount: Int, _ allowance: inout ReadingAllowance
  ) throws(CheckpointError) -> PickleValue {
    let bytes = try take(byteCount)
    try allowance.take(PickleValue.byteCount(ofText: byteCount), for: "pickle")
    if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
    // What is no UTF-8 is replaced, by three bytes for each.
    try allowance.take(PickleValue.byteCount(ofText: 3 * byteCount), for: "pickle")
    return .string(String(decoding: bytes, as: UTF8.self))
  }

  private mutating func bytes(
    _ byteCount: Int, _ allowance: inout ReadingAllowance
  ) throws(CheckpointError) -> PickleValue {
    let bytes = try take(byteCount)
    try allowance.take(PickleValue.byteCount(ofArray: UInt8.self, byteCount), for: "pickle")
    return .bytes(Array(bytes))
  }

  /// A two's-complement little-endian integer of any length; beyond 64 bits it is kept as a float.
  private mutating func long(byteCount: Int) throws(CheckpointError) -> PickleValue {
    let bytes = try take(byteCount)
    guard let last = bytes.last else { return .int(0) }
    guard bytes.count <= 8 else { return .float(last < 0x80 ? .infinity : -.infinity) }
    var value: Int = last < 0x80 ? 0 : -1
    for byte in bytes.reversed() { value = value << 8 | Int(byte) }
    return .int(value)
  }
}
