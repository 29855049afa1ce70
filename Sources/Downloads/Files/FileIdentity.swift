import Foundation

/// What tells whether a file is still the one that was looked at, without reading it.
public struct FileIdentity: Codable, Equatable, Sendable {
  /// Of the file itself, where a link leads to it.
  public let byteCount: Int
  let modifiedNanoseconds: Int
  /// Of the inode: content that was changed in place and dated back is seen too.
  let changedNanoseconds: Int
  let inode: UInt64

  /// - Throws: `unreadable` when there is no regular file at `path`.
  public init(ofFileAt path: String) throws(DownloadError) {
    guard let identity = try Self.existing(path) else {
      throw DownloadError(.unreadable, "\(path): is not a readable file")
    }
    self = identity
  }

  /// Nil when there is nothing at `path`. Throws `unreadable` for folders and the like.
  static func existing(_ path: String) throws(DownloadError) -> FileIdentity? {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw DownloadError(.unreadable, "\(path): \(String(cString: strerror(errno)))")
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw DownloadError(.unreadable, "\(path): is not a file") }
    return FileIdentity(status)
  }

  /// Of an open file.
  init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    let nanoseconds = { (time: timespec) in Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec) }
    byteCount = Int(status.st_size)
    modifiedNanoseconds = nanoseconds(status.st_mtim)
    changedNanoseconds = nanoseconds(status.st_ctim)
    inode = UInt64(status.st_ino)
  }
}
