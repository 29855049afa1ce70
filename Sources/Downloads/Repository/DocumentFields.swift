import Foundation
import SpeechCore

/// Manifests and records, read strictly: unknown fields are errors too, so that a misspelt field does not silently get
/// its default.
extension StrictFields<DownloadError> {
  /// Reads a document of version 1.
  /// - Parameter name: the document's name in messages.
  /// - Throws: `invalidManifest`, as all methods do.
  init(_ data: Data, name: String, limit: Int = 1 << 20) throws(DownloadError) {
    guard data.count <= limit else {
      throw DownloadError(.invalidManifest, "\(name): has \(data.count) bytes; at most \(limit) are read")
    }
    do {
      try self.init(json: data) { field, problem, value in
        let found = value.map { ", not \($0.excerpt(100))" } ?? ""
        return DownloadError(.invalidManifest, "\(name): \(field) \(problem)\(found)")
      }
    } catch {
      throw DownloadError(.invalidManifest, "\(name): is not valid JSON with one object")
    }
    let version = try required("version", number("version", in: 0...1000))
    guard version == 1 else { throw error("version", "is \(version); this program reads 1") }
  }

  /// Throws if there are fields with other names.
  func allow(_ names: Set<String>) throws(DownloadError) {
    if let unknown = unknownNames(names).first { throw error(unknown.excerpt(50), "is not a known field") }
  }

  func text(_ name: String, _ expected: String, where isRight: (String) -> Bool) throws(DownloadError) -> String {
    let text = try required(name, text(name))
    guard isRight(text) else { throw error(name, "must be \(expected)", value: "\"\(text)\"") }
    return text
  }
}
