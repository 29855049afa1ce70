import Foundation

/// A file that appears under its name only when it is whole: written under a temporary name, flushed to disk,
/// renamed. Without a commit it is removed.
public struct AtomicFile: ~Copyable {
  /// The step that failed, and the system's reason.
  public struct Failure: Error, Equatable, Sendable {
    /// Such as `writing the file`.
    public let step: String
    /// The text of `errno`.
    public let reason: String

    init(_ step: String) {
      self.step = step
      reason = String(cString: strerror(errno))
    }
  }

  /// Suffix of temporary files; one left behind by a crash may be deleted.
  static let temporarySuffix = ".partial"

  private let path: String
  /// The path until the commit.
  public let temporaryPath: String
  private let descriptor: Int32
  private var isCommitted = false
  /// Bytes written so far.
  public private(set) var offset = 0

  /// Creates the temporary file next to `path`.
  public init(path: String, mode: mode_t = 0o644) throws(Failure) {
    self.path = path
    temporaryPath = "\(path).\(UUID().uuidString)\(Self.temporarySuffix)"
    descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw Failure("creating the file") }
  }

  deinit {
    close(descriptor)
    if !isCommitted { unlink(temporaryPath) }
  }

  /// Writes bytes at the end of the temporary file.
  public mutating func append(_ bytes: some ContiguousBytes) throws(Failure) {
    let count = bytes.withUnsafeBytes { [descriptor] in Self.write($0, to: descriptor) ? $0.count : nil }
    guard let count else { throw Failure("writing the file") }
    offset += count
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return false }
      rest = rest.dropFirst(written)
    }
    return true
  }

  /// Flushes the file to disk and gives it its name.
  public mutating func commit() throws(Failure) {
    guard fsync(descriptor) == 0 else { throw Failure("writing the file") }
    guard rename(temporaryPath, path) == 0 else { throw Failure("renaming the file") }
    isCommitted = true
  }
}
