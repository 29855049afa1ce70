import Foundation

/// The audio file a command writes, whole or piece by piece.
final class OutputFile: Sendable {
  private let path: String
  // FileHandle is safe to use from one task at a time, which the service's ordered chunks guarantee.
  private let handle: FileHandle

  init(_ path: String) throws(CommandFailure) {
    self.path = path
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let handle = FileHandle(forWritingAtPath: path)
    else { throw CommandFailure("can't write \(path)") }
    self.handle = handle
  }

  func append(_ data: Data) throws {
    do {
      try handle.write(contentsOf: data)
    } catch {
      throw CommandFailure("can't write \(path): \(error.localizedDescription)")
    }
  }

  func close() throws {
    try handle.close()
  }
}
