import Foundation

/// A stored pronunciation lexicon.
public struct Lexicon: Codable, Sendable, Equatable {
  /// 1 to 64 letters, digits, `-`, `_` or `.`.
  public var id: String
  /// 1 at first; each change adds 1.
  public var version: Int
  /// Nil for every language.
  public var language: Language?
  /// `service`, or the id of the user that may name it.
  public var scope: String
  /// The respellings, at most ``maximumEntries``.
  public var entries: [LexiconEntry]

  private enum CodingKeys: String, CodingKey {
    case version, language, scope, entries
    case id = "lexicon_id"
  }

  /// The scope of a lexicon that every request may name.
  public static let serviceScope = "service"
  /// The number of entries that a lexicon may have.
  public static let maximumEntries = 5_000
  /// The largest number of characters of a scope.
  static let maximumScope = 128

  public init(
    id: String, version: Int = 1, language: Language? = nil, scope: String = Lexicon.serviceScope,
    entries: [LexiconEntry]
  ) {
    self.id = id
    self.version = version
    self.language = language
    self.scope = scope
    self.entries = entries
  }

  /// The entries, each with its language.
  public var ownEntries: [LexiconEntry] {
    entries.map { entry in
      var entry = entry
      entry.language = entry.language ?? language
      return entry
    }
  }

  /// - Throws: `invalid_request` for an id that cannot be part of a URL path.
  public static func check(id: String) throws(SpeechError) {
    let isValid =
      (1...64).contains(id.utf8.count) && id != "." && id != ".."
      && id.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || [45, 46, 95].contains($0)
      }
    guard isValid else {
      throw SpeechError(
        .invalidRequest, "lexicon_id must have 1 to 64 letters, digits, -, _ or .", field: "lexicon_id")
    }
  }
}

/// A change of a stored lexicon as clients write it: everything but its version.
public struct LexiconDraft: RequestMessage, Equatable {
  /// Nil where the address of the request names it.
  public var id: String?
  public var language: Language?
  public var scope: String
  public var entries: [LexiconEntry]
  public var warnings: [String]

  public init(_ fields: StrictFields<SpeechError>) throws(SpeechError) {
    id = try fields.text("lexicon_id")
    if let id { try Lexicon.check(id: id) }
    language = try fields.language()
    scope = try fields.text("scope", atMost: Lexicon.maximumScope) ?? Lexicon.serviceScope
    let objects = try fields.required("entries", fields.objects("entries", in: 0...Lexicon.maximumEntries))
    var entries: [LexiconEntry] = []
    for (index, object) in objects.enumerated() {
      let entry = LexiconEntry(
        written: try object.required("written", object.text("written")),
        spoken: try object.required("spoken", object.text("spoken")),
        caseSensitive: try object.flag("case_sensitive") ?? false, wholeWord: try object.flag("whole_word") ?? true,
        language: try object.language())
      try entry.check(field: "entries[\(index)]")
      entries.append(entry)
    }
    self.entries = entries
    warnings = fields.warnings(known: ["lexicon_id", "language", "scope", "entries"])
  }

  /// The lexicon, under the id of the address or of the message.
  public func lexicon(id address: String? = nil) throws(SpeechError) -> Lexicon {
    guard let id = address ?? id else {
      throw SpeechError(.invalidRequest, "lexicon_id is missing", field: "lexicon_id")
    }
    try Lexicon.check(id: id)
    return Lexicon(id: id, language: language, scope: scope, entries: entries)
  }

  /// Reads a message body.
  /// - Throws: `invalid_json` or `invalid_request`, naming the field.
  public static func decode(_ body: Data) throws(SpeechError) -> LexiconDraft {
    try RequestBody<LexiconDraft>(body).message.get()
  }
}

/// A request to delete a lexicon.
public struct LexiconDeletion: RequestMessage {
  public let id: String

  public init(_ fields: StrictFields<SpeechError>) throws(SpeechError) {
    id = try fields.required("lexicon_id", fields.text("lexicon_id"))
  }
}
