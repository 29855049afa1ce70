/// The entries of a zip file whose data is stored, not compressed (the only kind that torch writes), incl. zip64.
/// Source: PKWARE APPNOTE 6.3, sections 4.3 and 4.5.3.
struct ZipArchive {
  struct Entry {
    /// In the directory.
    let nameRange: Range<UInt32>
    let crc32: UInt32
    /// Of its header in the file.
    let offset: Int
    /// The range of the entry's bytes in the file.
    let data: Range<Int>
  }

  static let signature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
  static let maximumEntryCount = 65_536
  static let maximumDirectoryByteCount = 16 << 20
  static let maximumNameByteCount = 1024

  private let directory: [UInt8]
  /// In the order of their names' bytes.
  let entries: [Entry]

  init(_ file: MappedFile) throws(CheckpointError) {
    let place = try ZipDirectoryPlace(file)
    guard place.entryCount <= place.range.count / ZipEntryHeader.minimumByteCount else {
      throw CheckpointError(
        .truncated, "announces \(place.entryCount) zip entries in a directory of \(place.range.count) bytes")
    }
    directory = try file.read(at: place.range.lowerBound, count: place.range.count, what: "zip directory")
    var reader = ByteReader(directory, what: "zip directory")
    var entries: [Entry] = []
    entries.reserveCapacity(place.entryCount)
    for _ in 0..<place.entryCount {
      let header = try ZipEntryHeader(&reader)
      let start = try header.dataStart(in: file)
      let (end, overflow) = start.addingReportingOverflow(header.size)
      guard !overflow, end <= place.range.lowerBound else {
        throw CheckpointError(
          .outOfBounds, "zip entry '\(header.name)' of \(header.size) bytes reaches beyond the file's entries")
      }
      entries.append(
        Entry(nameRange: header.nameRange, crc32: header.crc32, offset: header.offset, data: start..<end))
    }
    self.entries = try Self.checked(&entries, directory)
  }

  /// Two entries that share bytes are how small files claim to be huge, and how two readers see two contents.
  private static func checked(_ entries: inout [Entry], _ directory: [UInt8]) throws(CheckpointError) -> [Entry] {
    entries.sort { $0.offset < $1.offset }
    for (first, second) in zip(entries, entries.dropFirst()) where first.data.upperBound > second.offset {
      throw CheckpointError(
        .malformed, "zip entries '\(name(first, directory))' and '\(name(second, directory))' overlap")
    }
    entries.sort { bytes($0, directory).lexicographicallyPrecedes(bytes($1, directory)) }
    for (first, second) in zip(entries, entries.dropFirst())
    where bytes(first, directory).elementsEqual(bytes(second, directory)) {
      throw CheckpointError(.malformed, "has two zip entries named '\(name(first, directory))'")
    }
    return entries
  }

  func name(of entry: Entry) -> String { Self.name(entry, directory) }

  subscript(name: String) -> Entry? {
    var (lower, upper) = (0, entries.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if Self.bytes(entries[middle], directory).lexicographicallyPrecedes(name.utf8) {
        lower = middle + 1
      } else {
        upper = middle
      }
    }
    guard lower < entries.count, Self.bytes(entries[lower], directory).elementsEqual(name.utf8) else { return nil }
    return entries[lower]
  }

  private static func bytes(_ entry: Entry, _ directory: [UInt8]) -> ArraySlice<UInt8> {
    directory[Int(entry.nameRange.lowerBound)..<Int(entry.nameRange.upperBound)]
  }

  private static func name(_ entry: Entry, _ directory: [UInt8]) -> String {
    String(decoding: bytes(entry, directory), as: UTF8.self)
  }
}
