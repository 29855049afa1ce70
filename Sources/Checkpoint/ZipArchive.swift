/// The entries of a zip file whose data is stored, not compressed (the only kind that torch writes), incl. zip64.
/// Source: PKWARE APPNOTE 6.3, sections 4.3 and 4.5.3.
struct ZipArchive {
  struct Entry: Equatable {
    let name: String
    /// Where the entry's bytes lie in the file.
    let data: Range<Int>
    let crc32: UInt32
  }

  static let signature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
  static let maximumEntryCount = 65_536
  static let maximumDirectoryByteCount = 16 << 20
  static let maximumNameByteCount = 1024

  let entries: [String: Entry]

  init(_ file: MappedFile) throws(CheckpointError) {
    let directory = try Self.locateDirectory(file)
    var reader = ByteReader(
      try file.read(at: directory.range.lowerBound, count: directory.range.count, what: "zip directory"),
      what: "zip directory")
    var entries: [String: Entry] = [:]
    var extents: [(range: Range<Int>, name: String)] = []
    for _ in 0..<directory.entryCount {
      let header = try Self.readDirectoryEntry(&reader)
      let start = try Self.dataStart(of: header, in: file)
      let (end, overflow) = start.addingReportingOverflow(header.size)
      guard !overflow, end <= directory.range.lowerBound else {
        throw CheckpointError(
          .outOfBounds, "zip entry '\(header.name)' of \(header.size) bytes reaches beyond the file's entries")
      }
      let entry = Entry(name: header.name, data: start..<end, crc32: header.crc32)
      guard entries.updateValue(entry, forKey: header.name) == nil else {
        throw CheckpointError(.malformed, "has two zip entries named '\(header.name)'")
      }
      extents.append((header.offset..<end, header.name))
    }
    try Self.checkDisjoint(extents)
    self.entries = entries
  }

  /// Two entries that share bytes are how small files claim to be huge, and how two readers see two contents.
  private static func checkDisjoint(_ extents: [(range: Range<Int>, name: String)]) throws(CheckpointError) {
    let sorted = extents.sorted { $0.range.lowerBound < $1.range.lowerBound }
    for (first, second) in zip(sorted, sorted.dropFirst()) where first.range.upperBound > second.range.lowerBound {
      throw CheckpointError(.malformed, "zip entries '\(first.name)' and '\(second.name)' overlap")
    }
  }

  // MARK: - Headers

  private struct DirectoryEntry {
    var name = ""
    var size = 0
    var offset = 0
    var crc32: UInt32 = 0
  }

  private static func readDirectoryEntry(_ reader: inout ByteReader) throws(CheckpointError) -> DirectoryEntry {
    guard try reader.uint32() == 0x0201_4B50 else {
      throw CheckpointError(.malformed, "has a bad entry in its zip directory")
    }
    var entry = DirectoryEntry()
    try reader.skip(4)
    let flags = try reader.uint16()
    let method = try reader.uint16()
    try reader.skip(4)
    entry.crc32 = UInt32(truncatingIfNeeded: try reader.uint32())
    var compressedSize = try reader.uint32()
    entry.size = try reader.uint32()
    let nameByteCount = try reader.uint16()
    let extraByteCount = try reader.uint16()
    let commentByteCount = try reader.uint16()
    try reader.skip(8)
    entry.offset = try reader.uint32()
    guard nameByteCount <= maximumNameByteCount else {
      throw CheckpointError(.limitExceeded, "has a zip entry name of \(nameByteCount) bytes")
    }
    entry.name = String(decoding: try reader.take(nameByteCount), as: UTF8.self)
    var extra = ByteReader(try reader.take(extraByteCount), what: "zip extra field")
    try reader.skip(commentByteCount)
    while extra.remaining >= 4 {
      let kind = try extra.uint16()
      let field = try extra.take(try extra.uint16())
      guard kind == 1 else { continue }
      var zip64 = ByteReader(field, what: "zip64 field")
      if entry.size == 0xFFFF_FFFF { entry.size = try zip64.size64() }
      if compressedSize == 0xFFFF_FFFF { compressedSize = try zip64.size64() }
      if entry.offset == 0xFFFF_FFFF { entry.offset = try zip64.size64() }
    }
    guard flags & 0x1 == 0 else { throw CheckpointError(.unsupported, "zip entry '\(entry.name)' is encrypted") }
    guard method == 0, compressedSize == entry.size else {
      throw CheckpointError(
        .unsupported, "zip entry '\(entry.name)' is compressed; torch.save stores entries uncompressed")
    }
    return entry
  }

  private static func dataStart(of entry: DirectoryEntry, in file: MappedFile) throws(CheckpointError) -> Int {
    var local = ByteReader(
      try file.read(at: entry.offset, count: 30, what: "zip entry '\(entry.name)'"), what: "zip entry header")
    guard try local.uint32() == 0x0403_4B50 else {
      throw CheckpointError(.malformed, "zip entry '\(entry.name)' has no header at byte \(entry.offset)")
    }
    try local.skip(22)
    let nameByteCount = try local.uint16()
    let extraByteCount = try local.uint16()
    let name = try file.read(at: entry.offset + 30, count: nameByteCount, what: "zip entry '\(entry.name)'")
    guard String(decoding: name, as: UTF8.self) == entry.name else {
      throw CheckpointError(.malformed, "zip entry '\(entry.name)' has another name in its own header")
    }
    return entry.offset + 30 + nameByteCount + extraByteCount
  }

  // MARK: - End of the directory

  private static func locateDirectory(
    _ file: MappedFile
  ) throws(CheckpointError) -> (range: Range<Int>, entryCount: Int) {
    let endByteCount = 22
    let tailByteCount = min(file.byteCount, endByteCount + 0xFFFF)
    let tailStart = file.byteCount - tailByteCount
    let tail = try file.read(at: tailStart, count: tailByteCount, what: "zip directory")
    var candidate = tail.count - endByteCount
    while candidate >= 0, tail[candidate..<(candidate + 4)] != [0x50, 0x4B, 0x05, 0x06] { candidate -= 1 }
    guard candidate >= 0 else {
      throw CheckpointError(.truncated, "has no zip directory at its end; the file is incomplete or not a torch zip")
    }
    var end = ByteReader(tail[candidate...], what: "zip directory")
    try end.skip(10)
    var entryCount = try end.uint16()
    var size = try end.uint32()
    var offset = try end.uint32()
    let endStart = tailStart + candidate
    var limit = endStart
    if entryCount == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
      (entryCount, size, offset, limit) = try readZip64End(file, before: endStart)
    }
    guard entryCount <= maximumEntryCount, size <= maximumDirectoryByteCount else {
      throw CheckpointError(
        .limitExceeded, "announces \(entryCount) zip entries in \(size) bytes; at most \(maximumEntryCount) are read")
    }
    guard offset <= limit, size <= limit - offset else {
      throw CheckpointError(.outOfBounds, "has its zip directory at byte \(offset), outside the file")
    }
    return (offset..<(offset + size), entryCount)
  }

  private static func readZip64End(
    _ file: MappedFile, before endStart: Int
  ) throws(CheckpointError) -> (entryCount: Int, size: Int, offset: Int, limit: Int) {
    var locator = ByteReader(
      try file.read(at: endStart - 20, count: 20, what: "zip64 locator"), what: "zip64 locator")
    guard try locator.uint32() == 0x0706_4B50 else {
      throw CheckpointError(.malformed, "has no zip64 locator where its sizes need one")
    }
    try locator.skip(4)
    let position = try locator.size64()
    var end = ByteReader(try file.read(at: position, count: 56, what: "zip64 end"), what: "zip64 end")
    guard try end.uint32() == 0x0606_4B50 else {
      throw CheckpointError(.malformed, "has no zip64 end record at byte \(position)")
    }
    try end.skip(28)
    let entryCount = try end.size64()
    let size = try end.size64()
    return (entryCount, size, try end.size64(), position)
  }
}
