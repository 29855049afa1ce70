import Foundation
import SpeechCore

/// The unfinished file of a download, stored next to its final name. It is hashed while it is written, and renamed to
/// its final name only when it is complete and its digest is correct.
final class PartFile {
  private let file: RepositoryFile
  private let directory: String
  private let path: String
  private let descriptor: Int32
  private var hash: RunningHash
  private(set) var byteCount = 0

  /// Opens or creates the file. Throws `unwritable` or `noSpace`.
  init(_ file: RepositoryFile, in directory: String) throws(DownloadError) {
    self.file = file
    self.directory = directory
    path = "\(directory)/\(file.partName)"
    hash = file.digest.makeHash(byteCount: file.byteCount)
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system(errno, "creating it", path) }
  }

  deinit { close(descriptor) }

  /// Hashes the bytes that an earlier run wrote; the download continues after them.
  func resume(_ cancellation: Cancellation, progress: (Int) -> Void) throws(DownloadError) {
    try FilePieces.read(descriptor, path: path, limit: file.byteCount + 1, cancellation) { bytes in
      hash.update(data: bytes)
      byteCount += bytes.count
      progress(byteCount)
    }
    if byteCount > file.byteCount { try restart() }
  }

  /// Empties the file.
  func restart() throws(DownloadError) {
    guard byteCount > 0 else { return }
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw .system(errno, "emptying it", path)
    }
    hash = file.digest.makeHash(byteCount: file.byteCount)
    byteCount = 0
  }

  /// Appends bytes. Throws `noSpace` or `unwritable`; the file is then truncated to its previous length, so that a
  /// later run can continue it.
  func append(_ bytes: UnsafeRawBufferPointer) throws(DownloadError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        let error = DownloadError.system(errno, "writing it", path)
        ftruncate(descriptor, off_t(byteCount))
        throw error
      }
      rest = rest.dropFirst(count)
    }
    hash.update(data: bytes)
    byteCount += bytes.count
  }

  /// The digest of the bytes so far, of the same kind as the expected one.
  var digest: ContentDigest { file.digest.found(hash) }

  /// Writes the file to disk and gives it its final name.
  func publish() throws(DownloadError) {
    guard fsync(descriptor) == 0 else { throw .system(errno, "writing it to disk", path) }
    guard rename(path, "\(directory)/\(file.name)") == 0 else {
      throw .system(errno, "renaming it to \(file.name)", path)
    }
    // The folder is synchronised too, where the file system supports it, so that the name survives a power cut.
    let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }

  func delete() { unlink(path) }

  /// Removes unfinished files of other revisions of these files. The caller must hold the folder's lock.
  static func removeStale(_ files: [RepositoryFile], in directory: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    for name in names where !files.contains(where: { $0.partName == name }) {
      guard let owner = name.wholeMatch(of: /(.+)\.[0-9a-f]{16}\.part/)?.1, files.contains(where: { $0.name == owner })
      else { continue }
      unlink("\(directory)/\(name)")
    }
  }
}
