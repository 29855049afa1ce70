import Foundation

/// Keeps two processes from pulling into one folder: an advisory lock on a file in it, gone with its holder.
final class FolderLock: Sendable {
  static let fileName = ".speechbus-pull.lock"
  private static let pollInterval: Duration = .milliseconds(100)

  private let descriptor: Int32
  private let path: String

  private init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Waits until the folder is free, at most `patience`; `onWait` is called once if there is somebody to wait for.
  /// Throws `locked`, `unwritable` or `cancelled`.
  static func acquire(
    _ directory: String, patience: Duration, onWait: () -> Void
  ) async throws(HubError) -> FolderLock {
    let path = DiskFile.path(directory, fileName)
    let clock = ContinuousClock()
    let deadline = clock.now + patience
    var hasWaited = false
    while true {
      if let lock = try attempt(path) { return lock }
      if !hasWaited { onWait() }
      hasWaited = true
      guard clock.now < deadline else {
        throw HubError(
          .locked,
          "\(directory): another process has been pulling into it for \(patience.components.seconds) s; wait for it or "
            + "stop it")
      }
      do {
        try await clock.sleep(for: pollInterval)
      } catch {
        throw HubError(.cancelled, "\(directory): waiting for another pull was cancelled")
      }
    }
  }

  private static func attempt(_ path: String) throws(HubError) -> FolderLock? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw DiskFile.failure(errno, "creating it", path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let number = errno
      close(descriptor)
      guard number == EWOULDBLOCK || number == EINTR else { throw DiskFile.failure(number, "locking it", path) }
      return nil
    }
    // The holder before us removes the file on leaving; a lock on a removed file excludes nobody.
    var held = stat()
    var named = stat()
    guard fstat(descriptor, &held) == 0, stat(path, &named) == 0, held.st_ino == named.st_ino,
      held.st_dev == named.st_dev
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
