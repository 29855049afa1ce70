import Foundation

/// The bytes of AMQP 0-9-1 values, for writing.
struct WireWriter {
  private(set) var bytes: [UInt8] = []

  mutating func integer<Value: FixedWidthInteger>(_ value: Value) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func short(_ text: String) {
    integer(UInt8(clamping: text.utf8.count))
    bytes.append(contentsOf: text.utf8.prefix(255))
  }

  mutating func long(_ text: String) {
    integer(UInt32(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  /// A table of texts.
  mutating func table(_ fields: KeyValuePairs<String, String>) {
    var entries = WireWriter()
    for (name, text) in fields {
      entries.short(name)
      entries.integer(UInt8(ascii: "S"))
      entries.long(text)
    }
    integer(UInt32(entries.bytes.count))
    bytes.append(contentsOf: entries.bytes)
  }
}

/// Reads AMQP 0-9-1 values. Missing bytes read as zero and as an empty text.
struct WireReader {
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: some Collection<UInt8>) { self.bytes = Array(bytes)[...] }

  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) -> Value {
    let count = Value.bitWidth / 8
    defer { bytes = bytes.dropFirst(count) }
    return bytes.prefix(count).reduce(0) { ($0 << (count > 1 ? 8 : 0)) | Value(truncatingIfNeeded: $1) }
  }

  mutating func short() -> String { text(Int(integer(UInt8.self))) }
  mutating func long() -> String { text(Int(integer(UInt32.self))) }

  private mutating func text(_ count: Int) -> String {
    defer { bytes = bytes.dropFirst(count) }
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  /// The entries of a table of texts and integers, as texts.
  mutating func table() -> [String: String] {
    let count = Int(integer(UInt32.self))
    var entries = WireReader(bytes.prefix(count))
    bytes = bytes.dropFirst(count)
    var fields: [String: String] = [:]
    while !entries.bytes.isEmpty {
      let name = entries.short()
      switch entries.integer(UInt8.self) {
      case UInt8(ascii: "S"): fields[name] = entries.long()
      case UInt8(ascii: "l"): fields[name] = "\(entries.integer(Int64.self))"
      case UInt8(ascii: "I"): fields[name] = "\(entries.integer(Int32.self))"
      default: return fields
      }
    }
    return fields
  }
}
