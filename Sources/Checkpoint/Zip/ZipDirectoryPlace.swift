/// Where the directory of a zip file lies, by the records at the file's end.
struct ZipDirectoryPlace {
  let range: Range<Int>
  let entryCount: Int

  init(_ file: MappedFile) throws(CheckpointError) {
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
      (entryCount, size, offset, limit) = try Self.readZip64End(file, before: endStart)
    }
    guard entryCount <= ZipArchive.maximumEntryCount, size <= ZipArchive.maximumDirectoryByteCount else {
      throw CheckpointError(
        .limitExceeded,
        "announces \(entryCount) zip entries in \(size) bytes; at most \(ZipArchive.maximumEntryCount) are read")
    }
    guard offset <= limit, size <= limit - offset else {
      throw CheckpointError(.outOfBounds, "has its zip directory at byte \(offset), outside the file")
    }
    range = offset..<(offset + size)
    self.entryCount = entryCount
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
