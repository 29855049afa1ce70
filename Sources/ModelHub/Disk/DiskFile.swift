import Foundation

/// Small files and folders, with errors that name the file and the reason.
enum DiskFile {
  static func path(_ directory: String, _ name: String) -> String {
    directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
  }

  /// The error for a failed system call.
  static func failure(_ number: Int32, _ action: String, _ path: String) -> HubError {
    let reason = String(cString: strerror(number))
    return switch number {
    case ENOSPC, EDQUOT, EFBIG: HubError(.noSpace, "\(path): \(action) failed: \(reason)")
    default: HubError(.unwritable, "\(path): \(action) failed: \(reason)")
    }
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Nil when it is absent; refuses more than `limit` bytes. Throws `unreadable`.
  static func read(_ directory: String, _ name: String, limit: Int) throws(HubError) -> Data? {
    let path = path(directory, name)
    guard let status = try LocalFile.status(path) else { return nil }
    guard status.byteCount <= limit else {
      throw HubError(.unreadable, "\(path): has \(status.byteCount) bytes; at most \(limit) are read")
    }
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw HubError(.unreadable, "\(path): can't be read")
    }
  }

  /// Writes it whole under another name, then renames it.
  static func write(_ data: Data, _ directory: String, _ name: String) throws(HubError) {
    let target = path(directory, name)
    let temporary = target + ".part"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(errno, "creating it", temporary) }
    var problem: HubError?
    do {
      try data.withUnsafeBytes { bytes in try writeAll(descriptor, bytes, path: temporary) }
      if fsync(descriptor) != 0 { problem = failure(errno, "writing it", temporary) }
    } catch let error as HubError {
      problem = error
    } catch {
      problem = HubError(.unwritable, "\(temporary): can't be written")
    }
    close(descriptor)
    if problem == nil, rename(temporary, target) != 0 { problem = failure(errno, "renaming it", temporary) }
    if let problem {
      unlink(temporary)
      throw problem
    }
    synchronise(directory)
  }

  static func writeAll(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer, path: String) throws(HubError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw failure(errno, "writing it", path)
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Makes a rename outlast a power cut, where the file system can.
  static func synchronise(_ directory: String) {
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// Makes the folder and those above it. Throws `unwritable`.
  static func makeFolder(_ directory: String) throws(HubError) {
    do {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    } catch {
      let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      let reason = underlying.map { String(cString: strerror(Int32(truncatingIfNeeded: $0.code))) }
      throw HubError(.unwritable, "\(directory): making the folder failed\(reason.map { ": \($0)" } ?? "")")
    }
  }
}
