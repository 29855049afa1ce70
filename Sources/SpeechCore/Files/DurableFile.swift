import Foundation

/// Writes files that are whole or absent after a crash: ``AtomicFile``, and the folder is flushed too.
public enum DurableFile {
  /// The suffix of files whose writing was interrupted.
  public static let temporarySuffix = AtomicFile.temporarySuffix

  /// - Parameter mode: permissions of the file; its folder is created with 0700 if missing.
  /// - Throws: `internal` naming the step that failed.
  public static func write(_ data: Data, to path: String, mode: mode_t = 0o600) throws(SpeechError) {
    let directory = (path as NSString).deletingLastPathComponent
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw failure(AtomicFile.Failure("creating the folder"))
    }
    do throws(AtomicFile.Failure) {
      var file = try AtomicFile(path: path, mode: mode)
      try file.append(data)
      try file.commit()
      try synchronize(directory)
    } catch {
      throw failure(error)
    }
  }

  private static func synchronize(_ directory: String) throws(AtomicFile.Failure) {
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw AtomicFile.Failure("opening the folder") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw AtomicFile.Failure("flushing the folder") }
  }

  private static func failure(_ failure: AtomicFile.Failure) -> SpeechError {
    SpeechError(.internal, "storing a file failed while \(failure.step): \(failure.reason)")
  }
}
