import Foundation
import SpeechCore

/// An object of a JSON document, read strictly. Unknown fields, wrong types and values out of bounds are errors that
/// name the field, so that a misspelt field does not silently get its default.
struct StrictJSON {
  private let fields: [String: JSONValue]
  /// The name of this object in messages, such as `manifest: repositories[0]`.
  private let name: String

  /// - Throws: `invalidManifest`, as all methods do.
  init(_ data: Data, name: String, limit: Int = 1 << 20) throws(DownloadError) {
    guard data.count <= limit else {
      throw DownloadError(.invalidManifest, "\(name): has \(data.count) bytes; at most \(limit) are read")
    }
    guard let value = data.withUnsafeBytes({ try? JSONValue(parsing: $0) }) else {
      throw DownloadError(.invalidManifest, "\(name): is not valid JSON")
    }
    guard let members = value.members else {
      throw DownloadError(.invalidManifest, "\(name): must be an object")
    }
    self.init(members, name + ":")
  }

  private init(_ members: [JSONValue.Member], _ name: String) {
    fields = Dictionary(members.map { ($0.name, $0.value) }) { $1 }
    self.name = name
  }

  func error(_ field: String, _ problem: String) -> DownloadError {
    DownloadError(.invalidManifest, "\(path(field)) \(problem)")
  }

  /// Throws if there are fields with other names.
  func allow(_ names: Set<String>) throws(DownloadError) {
    guard let unknown = fields.keys.sorted().first(where: { !names.contains($0) }) else { return }
    throw error(unknown.excerpt(50), "is not a known field")
  }

  func text(_ field: String, _ expected: String, where isRight: (String) -> Bool) throws(DownloadError) -> String {
    guard let text = try value(field).text else { throw error(field, "must be a text") }
    guard isRight(text) else { throw error(field, "is \"\(text.excerpt(100))\"; it must be \(expected)") }
    return text
  }

  func count(_ field: String, in range: ClosedRange<Int>) throws(DownloadError) -> Int {
    guard let count = try value(field).integer else {
      throw error(field, "must be a whole number")
    }
    guard range.contains(count) else {
      throw error(field, "is \(count); allowed is \(range.lowerBound)-\(range.upperBound)")
    }
    return count
  }

  /// - Parameter fallback: the value of a missing field; nil: the field is required.
  func flag(_ field: String, fallback: Bool? = nil) throws(DownloadError) -> Bool {
    if let fallback, fields[field] == nil { return fallback }
    guard let flag = try value(field).flag else { throw error(field, "must be true or false") }
    return flag
  }

  func objects(_ field: String, in range: ClosedRange<Int> = 1...100) throws(DownloadError) -> [StrictJSON] {
    guard let values = try value(field).elements else { throw error(field, "must be a list") }
    guard range.contains(values.count) else {
      throw error(field, "has \(values.count) entries; allowed is \(range.lowerBound)-\(range.upperBound)")
    }
    var objects: [StrictJSON] = []
    for (index, value) in values.enumerated() {
      guard let members = value.members else { throw error("\(field)[\(index)]", "must be an object") }
      objects.append(StrictJSON(members, path("\(field)[\(index)]")))
    }
    return objects
  }

  /// Throws if the document has another version of the format.
  func checkVersion() throws(DownloadError) {
    let version = try count("version", in: 0...1000)
    guard version == 1 else { throw error("version", "is \(version); this program reads 1") }
  }

  private func value(_ field: String) throws(DownloadError) -> JSONValue {
    guard let value = fields[field] else { throw error(field, "is missing") }
    return value
  }

  private func path(_ field: String) -> String { name.hasSuffix(":") ? "\(name) \(field)" : "\(name).\(field)" }
}
