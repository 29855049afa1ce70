/// Reads little-endian numbers from bytes that came from outside; every read is checked.
struct ByteReader {
  let bytes: ArraySlice<UInt8>
  private(set) var position: Int
  /// Names the bytes in error messages.
  let what: String

  init(_ bytes: ArraySlice<UInt8>, what: String) {
    self.bytes = bytes
    self.position = bytes.startIndex
    self.what = what
  }

  init(_ bytes: [UInt8], what: String) { self.init(bytes[...], what: what) }

  var remaining: Int { bytes.endIndex - position }

  mutating func take(_ count: Int) throws(CheckpointError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else { throw CheckpointError(.truncated, "ends inside its \(what)") }
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  mutating func skip(_ count: Int) throws(CheckpointError) { _ = try take(count) }

  mutating func uint8() throws(CheckpointError) -> UInt8 {
    guard remaining > 0 else { throw CheckpointError(.truncated, "ends inside its \(what)") }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func uint16() throws(CheckpointError) -> Int { Int(try number(2)) }
  mutating func uint32() throws(CheckpointError) -> Int { Int(try number(4)) }
  mutating func uint64() throws(CheckpointError) -> UInt64 { try number(8) }

  /// A 64-bit length or offset; one beyond Int can't be inside any file.
  mutating func size64() throws(CheckpointError) -> Int {
    guard let size = Int(exactly: try number(8)) else {
      throw CheckpointError(.limitExceeded, "has a 64-bit size in its \(what) that no file can have")
    }
    return size
  }

  private mutating func number(_ count: Int) throws(CheckpointError) -> UInt64 {
    var value: UInt64 = 0
    for byte in try take(count).reversed() { value = value << 8 | UInt64(byte) }
    return value
  }
}
