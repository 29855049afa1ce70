import Foundation
import SpeechCore

/// The file that a download grows, beside its final name. It is hashed as it is written, and gets its final name only
/// when it is whole and right.
final class PartFile {
  private let file: RepositoryFile
  private let directory: String
  private let path: String
  private let descriptor: Int32
  private var hash: RunningHash
  private(set) var byteCount = 0

  /// Opens or creates it. Throws `unwritable` or `noSpace`.
  init(_ file: RepositoryFile, in directory: String) throws(DownloadError) {
    self.file = file
    self.directory = directory
    path = "\(directory)/\(file.partName)"
    hash = file.digest.makeHash(byteCount: file.byteCount)
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system(errno, "creating it", path) }
  }

  deinit { close(descriptor) }

  /// Takes up what an earlier run left: hashes it, and continues after it.
  func resume(_ cancellation: Cancellation, progress: (Int) -> Void) throws(DownloadError) {
    try FilePieces.read(descriptor, path: path, limit: file.byteCount + 1, cancellation) { bytes in
      hash.update(data: bytes)
      byteCount += bytes.count
      progress(byteCount)
    }
    if byteCount > file.byteCount { try restart() }
  }

  /// Empties it.
  func restart() throws(DownloadError) {
    guard byteCount > 0 else { return }
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw .system(errno, "emptying it", path)
    }
    hash = file.digest.makeHash(byteCount: file.byteCount)
    byteCount = 0
  }

  /// Appends bytes. Throws `noSpace` or `unwritable`; the file is then shortened to what was there before, so that it
  /// can be continued.
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

  /// The digest of what there is, of the kind that is expected.
  var digest: ContentDigest { file.digest.found(hash) }

  /// Makes it durable and gives it its final name.
  func publish() throws(DownloadError) {
    guard fsync(descriptor) == 0 else { throw .system(errno, "writing it to disk", path) }
    guard rename(path, "\(directory)/\(file.name)") == 0 else {
      throw .system(errno, "renaming it to \(file.name)", path)
    }
    // So that the name outlasts a power cut, where the file system can do that.
    let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }

  func delete() { unlink(path) }

  /// Removes what was left of other revisions of these files. Only the holder of the folder's lock may.
  static func removeStale(_ files: [RepositoryFile], in directory: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    for name in names where !files.contains(where: { $0.partName == name }) {
      guard let owner = name.wholeMatch(of: /(.+)\.[0-9a-f]{16}\.part/)?.1, files.contains(where: { $0.name == owner })
      else { continue }
      unlink("\(directory)/\(name)")
    }
  }
}
