import Foundation

/// A file that is in the folder.
struct LocalFile: Sendable, Equatable {
  let byteCount: Int
  /// Nil while it has not been hashed.
  var matchesDigest: Bool?

  /// Nil when there is none; follows links. Throws `unreadable` for folders and the like.
  static func status(_ path: String) throws(HubError) -> LocalFile? {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw HubError(.unreadable, "\(path): \(String(cString: strerror(errno)))")
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw HubError(.unreadable, "\(path): is not a file") }
    return LocalFile(byteCount: Int(status.st_size))
  }

  /// Those of `names` that are in `directory`.
  static func inspect(_ directory: String, _ names: [String]) throws(HubError) -> [String: LocalFile] {
    var found: [String: LocalFile] = [:]
    for name in names { found[name] = try status(DiskFile.path(directory, name)) }
    return found
  }
}
