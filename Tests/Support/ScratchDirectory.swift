import Foundation

/// A new folder for one test, removed when this object is released.
public final class ScratchDirectory: Sendable {
  public let url: URL
  public var path: String { url.path }

  public init(_ name: String = "test") throws {
    url = FileManager.default.temporaryDirectory.appending(path: "speechbus-\(name)-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  public func path(_ name: String) -> String { url.appending(path: name).path }

  /// Writes a file and returns its path.
  public func write(_ bytes: [UInt8], _ name: String = "file.pth") throws -> String {
    try Data(bytes).write(to: url.appending(path: name))
    return path(name)
  }
}
