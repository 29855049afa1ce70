import Foundation
import SpeechCore
import Synchronization

/// The audio that a command writes, whole or piece by piece. A file appears under its name when it is whole, so that a
/// failed request leaves an earlier one as it was. `-` is standard output.
final class OutputFile: Sendable {
  private let path: String
  private let file: Mutex<AtomicFile?>
  /// Standard output or a device, which can't be replaced. FileHandle is safe to use from one task at a time, which the
  /// service's ordered pieces guarantee.
  private let stream: FileHandle?
  /// Set once.
  private nonisolated(unsafe) var interruption: (any DispatchSourceSignal)?

  init(_ path: String) throws(CommandFailure) {
    self.path = path
    if path == "-" {
      stream = .standardOutput
      file = Mutex(nil)
      return
    }
    // A link stays, and the file that it names is replaced.
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    var status = stat()
    if stat(target, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      guard status.st_mode & S_IFMT != S_IFDIR, let handle = FileHandle(forWritingAtPath: target) else {
        throw CommandFailure("can't write \(path): it is not a file")
      }
      stream = handle
      file = Mutex(nil)
      return
    }
    do throws(AtomicFile.Failure) {
      let created = try AtomicFile(path: target)
      interruption = Self.onInterrupt(removing: created.temporaryPath)
      stream = nil
      file = Mutex(created)
    } catch {
      throw CommandFailure("can't write \(path): \(error.reason)")
    }
  }

  /// Ctrl-C removes the unfinished file and ends the process.
  private static func onInterrupt(removing path: String) -> any DispatchSourceSignal {
    signal(SIGINT, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler {
      unlink(path)
      StandardError.write("speechbus: interrupted")
      _exit(EXIT_FAILURE)
    }
    source.resume()
    return source
  }

  func append(_ data: Data) throws(CommandFailure) {
    if let stream {
      do {
        try stream.write(contentsOf: data)
      } catch {
        throw CommandFailure("can't write \(path): its reader has ended, or the device is full")
      }
    } else {
      try change { file throws(AtomicFile.Failure) in try file?.append(data) }
    }
  }

  /// Makes the file visible under its name.
  func close() throws(CommandFailure) {
    try change { file throws(AtomicFile.Failure) in try file?.commit() }
  }

  private func change(_ body: (inout AtomicFile?) throws(AtomicFile.Failure) -> Void) throws(CommandFailure) {
    do throws(AtomicFile.Failure) {
      try file.withLock { file throws(AtomicFile.Failure) in try body(&file) }
    } catch {
      throw CommandFailure("can't write \(path): \(error.reason)")
    }
  }
}
