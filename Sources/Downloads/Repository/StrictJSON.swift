import Foundation

/// An object of a JSON document, read strictly. Unknown fields, wrong types and values out of bounds are errors that
/// name the field, so that a misspelt field does not silently get its default.
struct StrictJSON {
  private let fields: [String: Value]
  /// The name of this object in messages, such as `manifest: repositories[0]`.
  private let name: String

  private enum Value: Decodable {
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([Value])
    case object([String: Value])
    case null

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        self = .null
      } else if let flag = try? container.decode(Bool.self) {
        self = .flag(flag)
      } else if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else if let list = try? container.decode([Value].self) {
        self = .list(list)
      } else {
        self = .object(try container.decode([String: Value].self))
      }
    }
  }

  /// - Throws: `invalidManifest`, as all methods do.
  init(_ data: Data, name: String, limit: Int = 1 << 20) throws(DownloadError) {
    guard data.count <= limit else {
      throw DownloadError(.invalidManifest, "\(name): has \(data.count) bytes; at most \(limit) are read")
    }
    guard let value = try? JSONDecoder().decode(Value.self, from: data) else {
      throw DownloadError(.invalidManifest, "\(name): is not valid JSON")
    }
    guard case .object(let fields) = value else {
      throw DownloadError(.invalidManifest, "\(name): must be an object")
    }
    self.init(fields, name + ":")
  }

  private init(_ fields: [String: Value], _ name: String) {
    self.fields = fields
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
    guard case .text(let text) = try value(field) else { throw error(field, "must be a text") }
    guard isRight(text) else { throw error(field, "is \"\(text.excerpt(100))\"; it must be \(expected)") }
    return text
  }

  func count(_ field: String, in range: ClosedRange<Int>) throws(DownloadError) -> Int {
    guard case .number(let number) = try value(field), let count = Int(exactly: number) else {
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
    guard case .flag(let flag) = try value(field) else { throw error(field, "must be true or false") }
    return flag
  }

  func objects(_ field: String, in range: ClosedRange<Int> = 1...100) throws(DownloadError) -> [StrictJSON] {
    guard case .list(let values) = try value(field) else { throw error(field, "must be a list") }
    guard range.contains(values.count) else {
      throw error(field, "has \(values.count) entries; allowed is \(range.lowerBound)-\(range.upperBound)")
    }
    var objects: [StrictJSON] = []
    for (index, value) in values.enumerated() {
      guard case .object(let fields) = value else { throw error("\(field)[\(index)]", "must be an object") }
      objects.append(StrictJSON(fields, path("\(field)[\(index)]")))
    }
    return objects
  }

  /// Throws if the document has another version of the format.
  func checkVersion() throws(DownloadError) {
    let version = try count("version", in: 0...1000)
    guard version == 1 else { throw error("version", "is \(version); this program reads 1") }
  }

  private func value(_ field: String) throws(DownloadError) -> Value {
    guard let value = fields[field] else { throw error(field, "is missing") }
    return value
  }

  private func path(_ field: String) -> String { name.hasSuffix(":") ? "\(name) \(field)" : "\(name).\(field)" }
}
