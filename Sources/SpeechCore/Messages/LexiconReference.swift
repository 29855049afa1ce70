/// The lexicon of a request: entries for it alone, or the ids of stored lexicons.
public enum LexiconReference: Codable, Sendable, Equatable {
  case entries([String: String])
  case named([String])

  /// The largest number of entries of a request, and of ids.
  public static let maximumEntries = 1_000
  public static let maximumIDs = 8

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let id = try? container.decode(String.self) {
      self = .named(id.isEmpty ? [] : [id])
    } else if let ids = try? container.decode([String].self) {
      self = .named(ids)
    } else {
      self = .entries(try container.decode([String: String].self))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .entries(let entries): try container.encode(entries)
    case .named(let ids): try container.encode(ids)
    }
  }

  var isEmpty: Bool {
    switch self {
    case .entries(let entries): entries.isEmpty
    case .named(let ids): ids.isEmpty
    }
  }

  /// - Throws: `invalid_request`, naming field and limit.
  func check() throws(SpeechError) {
    switch self {
    case .named(let ids):
      guard ids.count <= Self.maximumIDs else {
        throw SpeechError(.invalidRequest, "lexicon may have at most \(Self.maximumIDs) ids", field: "lexicon")
      }
    case .entries(let entries):
      guard entries.count <= Self.maximumEntries else {
        throw SpeechError(.invalidRequest, "lexicon may have at most \(Self.maximumEntries) entries", field: "lexicon")
      }
      for entry in Self.list(entries) { try entry.check(field: "lexicon") }
    }
  }

  /// The entries of a request in a fixed order.
  public static func list(_ entries: [String: String]) -> [LexiconEntry] {
    entries.sorted { $0.key < $1.key }.map { LexiconEntry(written: $0.key, spoken: $0.value) }
  }
}

extension LexiconEntry {
  /// - Throws: `invalid_request`, naming field and limit.
  func check(field: String) throws(SpeechError) {
    for (name, text) in [("written", written), ("spoken", spoken)] {
      let count = text.unicodeScalars.count
      guard count <= Self.maximumCharacters, text.contains(where: { !$0.isWhitespace }) else {
        throw SpeechError(
          .invalidRequest,
          "\(field) has an entry whose \(name) text has \(count) characters; it must have 1 to \(Self.maximumCharacters)",
          field: field)
      }
    }
  }
}
