/// The entries of a zip file whose data is stored, not compressed (the only kind that torch writes), incl. zip64.
/// Source: PKWARE APPNOTE 6.3, sections 4.3 and 4.5.3.
struct ZipArchive {
  struct Entry {
    let nameBytes: ArraySlice<UInt8>
    let crc32: UInt32
    /// The position of its header in the file.
    let offset: Int
    /// The range of the entry's bytes in the file.
    let data: Range<Int>

    var name: String { String(decoding: nameBytes, as: UTF8.self) }
  }

  static let signature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
  static let maximumEntryCount = 65_536
  static let maximumDirectoryByteCount = 16 << 20
  static let maximumNameByteCount = 1024

  /// In the order of their names' bytes.
  let entries: [Entry]

  init(_ file: MappedFile) throws(CheckpointError) {
    let place = try ZipDirectoryPlace(file)
    guard place.entryCount <= place.range.count / ZipEntryHeader.minimumByteCount else {
      throw CheckpointError(
        .truncated, "announces \(place.entryCount) zip entries in a directory of \(place.range.count) bytes")
    }
    let directory = try file.read(at: place.range.lowerBound, count: place.range.count, what: "zip directory")
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
        Entry(nameBytes: header.nameBytes, crc32: header.crc32, offset: header.offset, data: start..<end))
    }
    self.entries = try Self.checked(&entries)
  }

  /// Small files claim to be huge through entries that share bytes, and two readers see two contents through equal names.
  private static func checked(_ entries: inout [Entry]) throws(CheckpointError) -> [Entry] {
    entries.sort { $0.offset < $1.offset }
    for (first, second) in zip(entries, entries.dropFirst()) where first.data.upperBound > second.offset {
      throw CheckpointError(.malformed, "zip entries '\(first.name)' and '\(second.name)' overlap")
    }
    entries.sort { $0.nameBytes.lexicographicallyPrecedes($1.nameBytes) }
    for (first, second) in zip(entries, entries.dropFirst()) where first.nameBytes == second.nameBytes {
      throw CheckpointError(.malformed, "has two zip entries named '\(first.name)'")
    }
    return entries
  }

  subscript(name: String) -> Entry? {
    var (lower, upper) = (0, entries.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if entries[middle].nameBytes.lexicographicallyPrecedes(name.utf8) {
        lower = middle + 1
      } else {
        upper = middle
      }
    }
    guard lower < entries.count, entries[lower].nameBytes.elementsEqual(name.utf8) else { return nil }
    return entries[lower]
  }
}
