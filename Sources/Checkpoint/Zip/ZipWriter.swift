import SpeechCore

/// Writes a zip file of stored entries, each starting at a multiple of 64 bytes as torch lays them out; zip64 where
/// sizes need it.
struct ZipWriter: ~Copyable {
  private struct Written {
    let name: String
    let offset: Int
    let byteCount: Int
    let crc32: UInt32
  }

  private static let alignment = 64
  /// Entries and offsets from here on need zip64 fields.
  private static let largest32 = 0xFFFF_FFFF

  private var file: AtomicFile
  private var entries: [Written] = []

  init(path: String) throws(CheckpointError) { file = try AtomicFile(checkpoint: path) }

  mutating func append(name: String, _ data: [UInt8]) throws(CheckpointError) {
    guard data.count < Self.largest32 else {
      throw CheckpointError(.limitExceeded, "would have an entry over 4 GiB", tensor: name)
    }
    let entry = Written(
      name: name, offset: file.offset, byteCount: data.count, crc32: data.withUnsafeBytes { CRC32.of($0) })
    let unpadded = file.offset + 30 + name.utf8.count + 4
    let padding = (Self.alignment - unpadded % Self.alignment) % Self.alignment
    var header = Bytes()
    header.add32(0x0403_4B50)
    header.addCommon(entry)
    header.add16(4 + padding)
    header.bytes.append(contentsOf: name.utf8)
    header.add16(0x4246)  // the tag torch gives its padding
    header.add16(padding)
    header.bytes.append(contentsOf: [UInt8](repeating: 0x5A, count: padding))
    try file.add(header.bytes)
    try file.add(data)
    entries.append(entry)
  }

  mutating func finish() throws(CheckpointError) {
    let start = file.offset
    var directory = Bytes()
    for entry in entries { directory.addDirectoryEntry(entry) }
    let size = directory.bytes.count
    if entries.count >= 0xFFFF || start + size >= Self.largest32 {
      directory.addZip64End(count: entries.count, size: size, start: start)
    }
    directory.add32(0x0605_4B50)
    directory.add32(0)
    directory.add16(min(entries.count, 0xFFFF))
    directory.add16(min(entries.count, 0xFFFF))
    directory.add32(min(size, Self.largest32))
    directory.add32(min(start, Self.largest32))
    directory.add16(0)
    try file.add(directory.bytes)
    try file.finish()
  }

  private struct Bytes {
    var bytes: [UInt8] = []

    mutating func add16(_ value: Int) { add(UInt16(truncatingIfNeeded: value)) }
    mutating func add32(_ value: Int) { add(UInt32(truncatingIfNeeded: value)) }
    mutating func add64(_ value: Int) { add(UInt64(truncatingIfNeeded: value)) }

    private mutating func add(_ value: some FixedWidthInteger) {
      withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// The fields that the local header and the directory share: version to name length.
    mutating func addCommon(_ entry: Written) {
      add16(45)
      add16(0x0800)  // names are UTF-8
      add16(0)
      add16(0)
      add16(0x21)  // 1 January 1980
      add32(Int(entry.crc32))
      add32(entry.byteCount)
      add32(entry.byteCount)
      add16(entry.name.utf8.count)
    }

    mutating func addDirectoryEntry(_ entry: Written) {
      let needsZip64 = entry.offset >= ZipWriter.largest32
      add32(0x0201_4B50)
      add16(45)
      addCommon(entry)
      add16(needsZip64 ? 12 : 0)
      add16(0)
      add16(0)
      add16(0)
      add32(0)
      add32(min(entry.offset, ZipWriter.largest32))
      bytes.append(contentsOf: entry.name.utf8)
      guard needsZip64 else { return }
      add16(1)
      add16(8)
      add64(entry.offset)
    }

    mutating func addZip64End(count: Int, size: Int, start: Int) {
      add32(0x0606_4B50)
      add64(44)
      add16(45)
      add16(45)
      add32(0)
      add32(0)
      add64(count)
      add64(count)
      add64(size)
      add64(start)
      add32(0x0706_4B50)
      add32(0)
      add64(start + size)
      add32(1)
    }
  }
}
