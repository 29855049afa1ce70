/// An entry as the zip directory describes it.
struct ZipEntryHeader {
  static let minimumByteCount = 46

  let nameBytes: ArraySlice<UInt8>
  let name: String
  let crc32: UInt32
  private(set) var size: Int
  /// Offset of the entry's local header.
  private(set) var offset: Int

  init(_ reader: inout ByteReader) throws(CheckpointError) {
    guard try reader.uint32() == 0x0201_4B50 else {
      throw CheckpointError(.malformed, "has a bad entry in its zip directory")
    }
    try reader.skip(4)
    let flags = try reader.uint16()
    let method = try reader.uint16()
    try reader.skip(4)
    crc32 = UInt32(truncatingIfNeeded: try reader.uint32())
    var compressedSize = try reader.uint32()
    size = try reader.uint32()
    let nameByteCount = try reader.uint16()
    let extraByteCount = try reader.uint16()
    let commentByteCount = try reader.uint16()
    try reader.skip(8)
    offset = try reader.uint32()
    guard nameByteCount <= ZipArchive.maximumNameByteCount else {
      throw CheckpointError(.limitExceeded, "has a zip entry name of \(nameByteCount) bytes")
    }
    nameBytes = try reader.take(nameByteCount)
    name = String(decoding: nameBytes, as: UTF8.self)
    var extra = ByteReader(try reader.take(extraByteCount), what: "zip extra field")
    try reader.skip(commentByteCount)
    while extra.remaining >= 4 {
      let kind = try extra.uint16()
      let field = try extra.take(try extra.uint16())
      guard kind == 1 else { continue }
      var zip64 = ByteReader(field, what: "zip64 field")
      if size == 0xFFFF_FFFF { size = try zip64.size64() }
      if compressedSize == 0xFFFF_FFFF { compressedSize = try zip64.size64() }
      if offset == 0xFFFF_FFFF { offset = try zip64.size64() }
    }
    guard flags & 0x1 == 0 else { throw CheckpointError(.unsupported, "zip entry '\(name)' is encrypted") }
    guard method == 0, compressedSize == size else {
      throw CheckpointError(
        .unsupported, "zip entry '\(name)' is compressed; torch.save stores entries uncompressed")
    }
  }

  /// The offset of the entry's data, by its own header.
  func dataStart(in file: MappedFile) throws(CheckpointError) -> Int {
    var local = ByteReader(
      try file.read(at: offset, count: 30, what: "zip entry '\(name)'"), what: "zip entry header")
    guard try local.uint32() == 0x0403_4B50 else {
      throw CheckpointError(.malformed, "zip entry '\(name)' has no header at byte \(offset)")
    }
    try local.skip(22)
    let nameByteCount = try local.uint16()
    let extraByteCount = try local.uint16()
    let localName = try file.read(at: offset + 30, count: nameByteCount, what: "zip entry '\(name)'")
    guard String(decoding: localName, as: UTF8.self) == name else {
      throw CheckpointError(.malformed, "zip entry '\(name)' has another name in its own header")
    }
    return offset + 30 + nameByteCount + extraByteCount
  }
}
