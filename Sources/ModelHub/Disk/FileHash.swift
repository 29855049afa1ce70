import Foundation

/// Hashes a file on disk, in pieces.
enum FileHash {
  static let pieceByteCount = 1 << 20

  /// Feeds the file's first `limit` bytes to `digest` and returns how many there were. `progress` gets the sum after
  /// each piece. Throws `unreadable` and `cancelled`; blocks.
  static func feed(
    _ descriptor: Int32, path: String, limit: Int, into digest: inout RunningDigest,
    isCancelled: () -> Bool, progress: (Int) -> Void
  ) throws(HubError) -> Int {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceByteCount, alignment: 64)
    defer { piece.deallocate() }
    var total = 0
    while total < limit {
      guard !isCancelled() else { throw HubError(.cancelled, "\(path): the work was cancelled") }
      let count = read(descriptor, piece.baseAddress, min(piece.count, limit - total))
      if count < 0 {
        if errno == EINTR { continue }
        throw HubError(.unreadable, "\(path): reading it failed: \(String(cString: strerror(errno)))")
      }
      if count == 0 { break }
      digest.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
      total += count
      progress(total)
    }
    return total
  }

  /// The digest of a whole file of `byteCount` bytes; nil when its length is another. Throws `unreadable` and
  /// `cancelled`.
  static func outcome(
    _ path: String, byteCount: Int, expected: ContentDigest,
    isCancelled: () -> Bool, progress: (Int) -> Void
  ) throws(HubError) -> RunningDigest.Outcome? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw HubError(.unreadable, "\(path): opening it failed: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var digest = RunningDigest(expected: expected, byteCount: byteCount)
    // One byte more shows a file that is longer.
    let count = try feed(
      descriptor, path: path, limit: byteCount + 1, into: &digest, isCancelled: isCancelled, progress: progress)
    return count == byteCount ? digest.outcome() : nil
  }
}
