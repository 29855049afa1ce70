/// Builds zip files byte by byte, valid or damaged in a chosen way.
struct RawZip {
  struct Entry {
    var name: String
    var data: [UInt8]
    var method = 0
    /// A wrong size for the directory; nil: the true one.
    var claimedByteCount: Int?
    var claimedOffset: Int?
    var crc32: UInt32?
  }

  var entries: [Entry]
  /// A wrong count for the end record; nil: the true one.
  var claimedEntryCount: Int?
  var claimedDirectoryOffset: Int?

  init(_ entries: [Entry]) { self.entries = entries }

  /// A torch zip with the pickle and the storages 0, 1, 2 …
  init(pickle: [UInt8], storages: [[UInt8]] = []) {
    entries = [Entry(name: "a/data.pkl", data: pickle)]
    for (index, storage) in storages.enumerated() { entries.append(Entry(name: "a/data/\(index)", data: storage)) }
  }

  var bytes: [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let offset = file.count
      let crc = entry.crc32 ?? Self.crc32(entry.data)
      var fields = Self.number(entry.method, 2) + Self.number(0, 4) + Self.number(Int(crc), 4)
      let size = entry.claimedByteCount ?? entry.data.count
      fields += Self.number(size, 4) + Self.number(size, 4) + Self.number(entry.name.utf8.count, 2)
      file += Self.number(0x0403_4B50, 4) + Self.number(20, 2) + Self.number(0, 2) + fields + Self.number(0, 2)
      file += Array(entry.name.utf8) + entry.data
      directory += Self.number(0x0201_4B50, 4) + Self.number(20, 4) + Self.number(0, 2) + fields
      directory += Self.number(0, 12) + Self.number(entry.claimedOffset ?? offset, 4) + Array(entry.name.utf8)
    }
    let count = claimedEntryCount ?? entries.count
    return file + directory + Self.number(0x0605_4B50, 4) + Self.number(0, 4) + Self.number(count, 2)
      + Self.number(count, 2) + Self.number(directory.count, 4)
      + Self.number(claimedDirectoryOffset ?? file.count, 4) + Self.number(0, 2)
  }

  static func number(_ value: Int, _ byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { $0 < 8 ? UInt8(truncatingIfNeeded: value >> (8 * $0)) : 0 }
  }

  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(0xFFFF_FFFF as UInt32) { crc, byte in crcTable[Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8) }
  }

  private static let crcTable: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
  }
}

/// Assembles pickles of protocol 2 from opcodes.
enum RawPickle {
  static func of(_ parts: [UInt8]...) -> [UInt8] { [0x80, 2] + parts.flatMap { $0 } + [0x2E] }
  static func op(_ text: String) -> [UInt8] { Array(text.utf8) }
  static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }
  static func string(_ text: String) -> [UInt8] { [0x58] + RawZip.number(text.utf8.count, 4) + Array(text.utf8) }
  static func int(_ value: Int) -> [UInt8] { [0x8A, 8] + RawZip.number(value, 8) }
  static func tuple(_ values: [Int]) -> [UInt8] { op("(") + values.flatMap { int($0) } + op("t") }

  /// `{"model": {"w": tensor}}`; every number can be chosen.
  static func tensor(
    storageType: String = "FloatStorage", key: String = "0", storageCount: Int = 4, offset: Int = 0,
    shape: [Int] = [2, 2], strides: [Int] = [2, 1]
  ) -> [UInt8] {
    let storage =
      op("((") + string("storage") + global("torch", storageType) + string(key) + string("cpu")
      + int(storageCount) + op("tQ")
    let call =
      global("torch._utils", "_rebuild_tensor_v2") + storage + int(offset) + tuple(shape) + tuple(strides)
      + [0x89] + op("}tR")
    return of(op("}"), string("model"), op("}"), string("w"), call, op("ss"))
  }
}
