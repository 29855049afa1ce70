import Checkpoint

/// A read-only file of little-endian records, mapped so that a large dictionary costs memory only where it is read.
/// Every access is checked against its end.
struct MappedTable: @unchecked Sendable {  // the mapping is never written
  let name: String
  private let file: MappedFile
  /// Lives as long as `file`.
  private let bytes: UnsafeRawBufferPointer

  static let maximumBytes = 4 << 30

  init(path: String) throws(TextError) {
    name = path
    do {
      file = try MappedFile(path: path)
    } catch {
      throw TextError(.unreadable, "\(path): can't be read")
    }
    guard file.byteCount <= Self.maximumBytes else { throw TextError(.unreadable, "\(path): over 4 GiB") }
    bytes = file.bytes(0..<file.byteCount)
  }

  var count: Int { bytes.count }

  private func load<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as type: Value.Type) -> Value? {
    guard offset >= 0, offset <= bytes.count - MemoryLayout<Value>.size else { return nil }
    return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
  }

  func uint32(_ offset: Int) -> UInt32? { load(offset, as: UInt32.self) }
  func int32(_ offset: Int) -> Int32? { load(offset, as: Int32.self) }
  func uint16(_ offset: Int) -> UInt16? { load(offset, as: UInt16.self) }
  func int16(_ offset: Int) -> Int16? { load(offset, as: Int16.self) }

  /// The text from `offset` to the next zero byte.
  func text(_ offset: Int, limit: Int = 4096) -> String {
    guard offset >= 0, offset < count else { return "" }
    return String(decoding: bytes[offset..<min(offset + limit, count)].prefix { $0 != 0 }, as: UTF8.self)
  }
}
