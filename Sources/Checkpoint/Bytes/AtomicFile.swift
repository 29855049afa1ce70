import Foundation

/// A file that appears under its name only when it is whole: written beside it, synchronised, renamed.
struct AtomicFile: ~Copyable {
  private let path: String
  private let temporaryPath: String
  private let descriptor: Int32
  private var isCommitted = false
  /// Bytes written so far.
  private(set) var offset = 0

  init(path: String) throws(CheckpointError) {
    self.path = path
    temporaryPath = "\(path).\(UInt32.random(in: 0 ... .max)).partial"
    descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw CheckpointError(.unwritable, "can't be created: \(MappedFile.systemReason(errno))", file: path)
    }
  }

  deinit {
    close(descriptor)
    if !isCommitted { unlink(temporaryPath) }
  }

  mutating func append(_ bytes: [UInt8]) throws(CheckpointError) {
    try write(bytes, at: offset)
    offset += bytes.count
  }

  mutating func commit() throws(CheckpointError) {
    guard fsync(descriptor) == 0, rename(temporaryPath, path) == 0 else { throw failure() }
    isCommitted = true
  }

  private func write(_ bytes: [UInt8], at position: Int) throws(CheckpointError) {
    let isWritten = bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let rest = buffer[done...]
        let put = pwrite(descriptor, buffer.baseAddress?.advanced(by: done), rest.count, off_t(position + done))
        if put < 0 && errno == EINTR { continue }
        guard put > 0 else { return false }
        done += put
      }
      return true
    }
    guard isWritten else { throw failure() }
  }

  private func failure() -> CheckpointError {
    CheckpointError(.unwritable, "can't be written: \(MappedFile.systemReason(errno))", file: path)
  }
}
