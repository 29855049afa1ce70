import Foundation

/// Writes files that are whole or absent, whatever happens meanwhile: temporary file, fsync, rename, fsync of the folder.
public enum DurableFile {
  /// Suffix of temporary files; one left behind by a crash may be deleted.
  public static let temporarySuffix = ".partial"

  /// - Parameter mode: permissions of the file; its folder is created with 0700 if missing.
  /// - Throws: `internal` naming the step that failed.
  public static func write(_ data: Data, to path: String, mode: mode_t = 0o600) throws(SpeechError) {
    let directory = (path as NSString).deletingLastPathComponent
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw failure("creating the folder")
    }
    let temporary = "\(path).\(UUID().uuidString)\(temporarySuffix)"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failure("creating the file") }
    guard writeAll(data, to: descriptor), fsync(descriptor) == 0 else {
      let error = failure("writing the file")
      close(descriptor)
      unlink(temporary)
      throw error
    }
    close(descriptor)
    guard rename(temporary, path) == 0 else {
      let error = failure("renaming the file")
      unlink(temporary)
      throw error
    }
    try synchronizeDirectory(directory)
  }

  private static func writeAll(_ data: Data, to descriptor: CInt) -> Bool {
    data.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let written = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return false }
        rest = rest.dropFirst(written)
      }
      return true
    }
  }

  private static func synchronizeDirectory(_ path: String) throws(SpeechError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("opening the folder") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("flushing the folder") }
  }

  private static func failure(_ step: String) -> SpeechError {
    SpeechError(.internal, "storing a file failed while \(step): \(String(cString: strerror(errno)))")
  }
}
