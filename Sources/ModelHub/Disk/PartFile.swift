import Foundation
import NIOCore

/// The file that a download grows, beside its final name. It is hashed as it is written, and gets its name only when it
/// is whole and right. All methods block.
final class PartFile: @unchecked Sendable {  // One download task at a time calls it.
  private let file: WantedFile
  private let directory: String
  private let path: String
  private let descriptor: Int32
  private var digest: RunningDigest
  private(set) var byteCount = 0

  /// Opens or creates it. Throws `unwritable` or `noSpace`.
  init(_ file: WantedFile, in directory: String) throws(HubError) {
    self.file = file
    self.directory = directory
    path = DiskFile.path(directory, file.partName)
    digest = RunningDigest(expected: file.digest, byteCount: file.byteCount)
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw DiskFile.failure(errno, "creating it", path) }
  }

  deinit { close(descriptor) }

  /// Takes up what an earlier run left: hashes it, and continues after it. Returns its length.
  func resume(isCancelled: () -> Bool, progress: (Int) -> Void) throws(HubError) -> Int {
    byteCount = try FileHash.feed(
      descriptor, path: path, limit: file.byteCount + 1, into: &digest, isCancelled: isCancelled, progress: progress)
    if byteCount > file.byteCount { try restart() }
    return byteCount
  }

  /// Empties it.
  func restart() throws(HubError) {
    guard byteCount > 0 else { return }
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw DiskFile.failure(errno, "emptying it", path)
    }
    digest = RunningDigest(expected: file.digest, byteCount: file.byteCount)
    byteCount = 0
  }

  /// Appends bytes. Throws `noSpace` or `unwritable`; then it is shortened to what was there before, so that it can be
  /// taken up again.
  func append(_ bytes: ByteBuffer) throws(HubError) {
    let (path, descriptor) = (path, descriptor)
    let failure = bytes.withUnsafeReadableBytes { pointer -> HubError? in
      do throws(HubError) {
        try DiskFile.writeAll(descriptor, pointer, path: path)
        digest.update(pointer)
        return nil
      } catch {
        return error
      }
    }
    if let failure {
      ftruncate(descriptor, off_t(byteCount))
      throw failure
    }
    byteCount += bytes.readableBytes
  }

  var outcome: RunningDigest.Outcome { digest.outcome() }

  /// Makes it durable and gives it its name.
  func publish() throws(HubError) {
    guard fsync(descriptor) == 0 else { throw DiskFile.failure(errno, "writing it to disk", path) }
    guard rename(path, DiskFile.path(directory, file.name)) == 0 else {
      throw DiskFile.failure(errno, "renaming it to \(file.name)", path)
    }
    DiskFile.synchronise(directory)
  }

  func delete() {
    unlink(path)
  }

  /// Removes what was left of other revisions of these files. Only a holder of the folder's lock may.
  static func removeStale(_ files: [WantedFile], in directory: String) {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else { return }
    for name in names {
      let parts = name.split(separator: ".")
      guard parts.count >= 3, parts.last == "part" else { continue }
      let digest = String(parts[parts.count - 2])
      guard digest.utf8.count == 16, digest.isLowerCaseHexadecimal else { continue }
      let isOurs = files.contains { name.hasPrefix($0.name + ".") && name != $0.partName }
      if isOurs, !files.contains(where: { $0.partName == name }) { unlink(DiskFile.path(directory, name)) }
    }
  }
}
