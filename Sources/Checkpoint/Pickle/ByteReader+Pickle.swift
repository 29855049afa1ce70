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

  mutating func pickleScalar(_ opcode: PickleOpcode) throws(CheckpointError) -> PickleValue {
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
    case .shortBinUnicode, .shortBinString: return try text(Int(try uint8()))
    case .binUnicode, .binString: return try text(try uint32())
    case .binUnicode8: return try text(try size64())
    case .shortBinBytes: return try bytes(Int(try uint8()))
    case .binBytes: return try bytes(try uint32())
    case .binBytes8, .byteArray8: return try bytes(try size64())
    default: throw CheckpointError(.refused, "has pickle opcode \(opcode) in a place where it means nothing")
    }
  }

  /// A line of GLOBAL, without its newline.
  mutating func pickleLine() throws(CheckpointError) -> String {
    let start = position
    while try uint8() != 0x0A { try Self.checkName(position - start) }
    return String(decoding: bytes[start..<(position - 1)], as: UTF8.self)
  }

  static func checkName(_ byteCount: Int) throws(CheckpointError) {
    guard byteCount <= maximumNameByteCount else {
      throw CheckpointError(.limitExceeded, "has a pickle with a class name over \(maximumNameByteCount) bytes")
    }
  }

  private mutating func text(_ byteCount: Int) throws(CheckpointError) -> PickleValue {
    .string(String(decoding: try take(byteCount), as: UTF8.self))
  }

  private mutating func bytes(_ byteCount: Int) throws(CheckpointError) -> PickleValue {
    .bytes(Array(try take(byteCount)))
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
