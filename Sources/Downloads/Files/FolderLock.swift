import Foundation
import SpeechCore

/// Prevents two processes from pulling into one folder: an advisory lock on a file in it. The system releases it when
/// its process ends.
final class FolderLock {
  static let fileName = ".speechbus-pull.lock"

  private let descriptor: Int32
  private let path: String

  private init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Blocks until the folder is free, at most for `timeout`. `onWait` is called once if the folder is not free at the
  /// first attempt. Throws `locked`, `unwritable` or `cancelled`.
  static func acquire(
    _ directory: String, timeout: Duration, _ cancellation: Cancellation = Cancellation(), onWait: () -> Void
  ) throws(DownloadError) -> FolderLock {
    let path = "\(directory)/\(fileName)"
    let deadline = ContinuousClock.now + timeout
    var hasWaited = false
    while true {
      if let lock = try attempt(path) { return lock }
      if !hasWaited { onWait() }
      hasWaited = true
      guard ContinuousClock.now < deadline else {
        throw DownloadError(
          .locked,
          "\(directory): another process has been pulling into it for \(timeout.components.seconds) s; wait for it or "
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
    // The previous holder removes the file on release, and a lock on a removed file excludes no other process.
    guard let held = FileIdentity(descriptor: descriptor), let named = try? FileIdentity(ofFileAt: path),
      held.inode == named.inode
    else {
      close(descriptor)
      return nil
    }
    return FolderLock(descriptor: descriptor, path: path)
  }

  /// Removes the lock file and releases the lock. Call it once.
  func release() {
    unlink(path)
    close(descriptor)
  }
}
