/// The operands of pickle opcodes that stand for a plain value.
extension ByteReader {
  /// Module and class names are far shorter.
  static let maximumLineByteCount = 512

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
    case .shortBinUnicode, .shortBinString: return try text(byteCount: Int(try uint8()))
    case .binUnicode, .binString: return try text(byteCount: try uint32())
    case .binUnicode8: return try text(byteCount: try size64())
    case .shortBinBytes: return .bytes(Array(try take(Int(try uint8()))))
    case .binBytes: return .bytes(Array(try take(try uint32())))
    case .binBytes8, .byteArray8: return .bytes(Array(try take(try size64())))
    default: throw CheckpointError(.refused, "has pickle opcode \(opcode) in a place where it means nothing")
    }
  }

  /// A line of GLOBAL, without its newline.
  mutating func pickleLine() throws(CheckpointError) -> String {
    var line: [UInt8] = []
    while true {
      let byte = try uint8()
      if byte == 0x0A { return String(decoding: line, as: UTF8.self) }
      guard line.count < Self.maximumLineByteCount else {
        throw CheckpointError(.limitExceeded, "has a pickle with a class name over \(Self.maximumLineByteCount) bytes")
      }
      line.append(byte)
    }
  }

  private mutating func text(byteCount: Int) throws(CheckpointError) -> PickleValue {
    .string(String(decoding: try take(byteCount), as: UTF8.self))
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
