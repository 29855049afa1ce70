import Foundation
import SpeechCore

/// Keeps two processes from pulling into one folder: an advisory lock on a file in it, gone with its holder.
final class FolderLock {
  static let fileName = ".speechbus-pull.lock"

  private let descriptor: Int32
  private let path: String

  private init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Blocks until the folder is free, at most for `patience`; `onWait` is called once if it is not. Throws `locked`,
  /// `unwritable` or `cancelled`.
  static func acquire(
    _ directory: String, patience: Duration, _ cancellation: Cancellation = Cancellation(), onWait: () -> Void
  ) throws(DownloadError) -> FolderLock {
    let path = "\(directory)/\(fileName)"
    let deadline = ContinuousClock.now + patience
    var hasWaited = false
    while true {
      if let lock = try attempt(path) { return lock }
      if !hasWaited { onWait() }
      hasWaited = true
      guard ContinuousClock.now < deadline else {
        throw DownloadError(
          .locked,
          "\(directory): another process has been pulling into it for \(patience.components.seconds) s; wait for it or "
            + "stop it")
      }
      guard cancellation.sleep(for: .milliseconds(100)) else {
        throw DownloadError(.cancelled, "\(directory): waiting for another pull was cancelled")
      }
    }
  }

  private static func attempt(_ path: String) throws(DownloadError) -> FolderLock? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .system(errno, "creating it", path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let number = errno
      close(descriptor)
      guard number == EWOULDBLOCK || number == EINTR else { throw .system(number, "locking it", path) }
      return nil
    }
    // The holder before us removes the file when it leaves; a lock on a removed file excludes nobody.
    guard let held = FileIdentity(descriptor: descriptor), let named = try? FileIdentity(ofFileAt: path),
      held.inode == named.inode
    else {
      close(descriptor)
      return nil
    }
    return FolderLock(descriptor: descriptor, path: path)
  }

  func release() {
    unlink(path)
    close(descriptor)
  }
}
