import Foundation

/// A whole file, mapped read-only. Tensors read from it hold it, so the mapping lives as long as the last of them.
///
/// Headers are read with `pread` rather than through the mapping: touching a thousand scattered headers of a mapped
/// file would make the kernel map the pages around each. As with any mapping, a file that another process shortens
/// while it is open can't be read any more (SIGBUS): replace weight files by rename, never in place.
package final class MappedFile: @unchecked Sendable {  // the mapping is never written and only unmapped in deinit
  let path: String
  package let byteCount: Int
  private let base: UnsafeRawPointer
  /// -1 for bytes in memory.
  private let descriptor: Int32

  /// A copy of bytes in memory, which is read like a file.
  init(_ bytes: [UInt8], name: String) throws(CheckpointError) {
    guard !bytes.isEmpty else { throw CheckpointError(.truncated, "is empty", file: name) }
    let protection = PROT_READ | PROT_WRITE
    guard let address = mmap(nil, bytes.count, protection, MAP_PRIVATE | Int32(MAP_ANONYMOUS), -1, 0),
      address != MAP_FAILED
    else { throw CheckpointError(.unreadable, "can't be kept: \(Self.systemReason(errno))", file: name) }
    UnsafeMutableRawBufferPointer(start: address, count: bytes.count).copyBytes(from: bytes)
    (path, byteCount, base, descriptor) = (name, bytes.count, UnsafeRawPointer(address), -1)
  }

  package init(path: String) throws(CheckpointError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw CheckpointError(.unreadable, "can't be opened: \(Self.systemReason(errno))", file: path)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw CheckpointError(.unreadable, "is not a regular file", file: path)
    }
    let size = Int(status.st_size)
    guard size > 0 else {
      close(descriptor)
      throw CheckpointError(.truncated, "is empty", file: path)
    }
    guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
      let reason = Self.systemReason(errno)
      close(descriptor)
      throw CheckpointError(.unreadable, "can't be mapped: \(reason)", file: path)
    }
    self.path = path
    self.byteCount = size
    self.base = UnsafeRawPointer(address)
    self.descriptor = descriptor
  }

  deinit {
    munmap(UnsafeMutableRawPointer(mutating: base), byteCount)
    if descriptor >= 0 { close(descriptor) }
  }

  /// The bytes of `range`, which the caller has checked with `contains`; an empty buffer otherwise.
  package func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    guard contains(range) else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    return UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
  }

  func contains(_ range: Range<Int>) -> Bool {
    range.lowerBound >= 0 && range.upperBound <= byteCount
  }

  /// A copy of `count` bytes at `offset`, without touching the mapping.
  func read(at offset: Int, count: Int, what: String) throws(CheckpointError) -> [UInt8] {
    guard offset >= 0, count >= 0, offset <= byteCount, count <= byteCount - offset else {
      throw CheckpointError(.truncated, "ends inside its \(what)", file: path)
    }
    var failure = 0 as Int32
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      failure = fill(UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]), offset)
      filled = failure == 0 ? count : 0
    }
    try Self.check(failure, path)
    return bytes
  }

  /// Copies `target.count` bytes at `offset`, which the caller has checked, without touching the mapping.
  func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws(CheckpointError) {
    try Self.check(fill(target, offset), path)
  }

  /// - Returns: 0, or the system's error number.
  private func fill(_ target: UnsafeMutableRawBufferPointer, _ offset: Int) -> Int32 {
    guard descriptor >= 0 else {
      target.copyMemory(from: bytes(offset..<offset + target.count))
      return 0
    }
    var filled = 0
    while filled < target.count {
      let rest = target.count - filled
      let got = pread(descriptor, target.baseAddress?.advanced(by: filled), rest, off_t(offset + filled))
      if got < 0 && errno == EINTR { continue }
      // The file was shortened after it was opened.
      guard got > 0 else { return got < 0 ? errno : EIO }
      filled += got
    }
    return 0
  }

  private static func check(_ failure: Int32, _ path: String) throws(CheckpointError) {
    guard failure == 0 else {
      throw CheckpointError(.unreadable, "can't be read: \(systemReason(failure))", file: path)
    }
  }

  /// Asks the kernel to read the whole file ahead, in the background.
  func prefetch() {
    madvise(UnsafeMutableRawPointer(mutating: base), byteCount, Int32(MADV_WILLNEED))
  }

  /// Unmaps the whole pages inside `range` from this process; they come back from the page cache when touched.
  func discard(_ range: Range<Int>) {
    guard descriptor >= 0 else { return }
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    guard page > 0, contains(range) else { return }
    let lower = (range.lowerBound + page - 1) / page * page
    let upper = range.upperBound / page * page
    guard lower < upper else { return }
    madvise(UnsafeMutableRawPointer(mutating: base + lower), upper - lower, Int32(MADV_DONTNEED))
  }

  static func systemReason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
