import Foundation
import SpeechCore

/// Reads files in pieces, to hash them.
enum FilePieces {
  /// Passes up to `limit` bytes of an open file on. Throws `unreadable` and `cancelled`.
  static func read(
    _ descriptor: Int32, path: String, limit: Int, _ cancellation: Cancellation, _ use: (UnsafeRawBufferPointer) -> Void
  ) throws(DownloadError) {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { piece.deallocate() }
    var total = 0
    while total < limit {
      guard !cancellation.isCancelled else { throw .cancelled(path) }
      let count = Foundation.read(descriptor, piece.baseAddress, min(piece.count, limit - total))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(path) }
      if count == 0 { return }
      use(UnsafeRawBufferPointer(rebasing: piece[..<count]))
      total += count
    }
  }

  /// The digest of the file at `path`, of the kind of `expected`; nil when its length is not `byteCount`. `progress` gets
  /// the number of bytes read.
  static func digest(
    _ path: String, byteCount: Int, like expected: ContentDigest, _ cancellation: Cancellation,
    progress: (Int) -> Void = { _ in }
  ) throws(DownloadError) -> ContentDigest? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path) }
    defer { close(descriptor) }
    var (hash, total) = (expected.makeHash(byteCount: byteCount), 0)
    // One byte more shows a file that is longer.
    try read(descriptor, path: path, limit: byteCount + 1, cancellation) { bytes in
      hash.update(data: bytes)
      total += bytes.count
      progress(total)
    }
    return total == byteCount ? expected.found(hash) : nil
  }
}
