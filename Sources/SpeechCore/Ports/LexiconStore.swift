/// Where lexicons are kept.
public protocol LexiconStore: Sendable {
  /// - Returns: nil where there is none.
  func lexicon(id: String) async throws(SpeechError) -> Lexicon?
  /// By id.
  func lexicons() async throws(SpeechError) -> [Lexicon]
  /// Stores a lexicon with the next version.
  /// - Parameter ending: makes the journal's entry, which is committed together with the lexicon.
  /// - Returns: the stored lexicon, and whether it is new.
  func put(
    _ lexicon: Lexicon, ending: @escaping @Sendable (Lexicon) throws(SpeechError) -> JournalEntry
  ) async throws(SpeechError) -> (lexicon: Lexicon, isNew: Bool)
  /// - Returns: false where there is none.
  func remove(id: String, entry: JournalEntry?) async throws(SpeechError) -> Bool
}

/// Lexicons on their way to and from the other replicas.
public protocol LexiconReplicationStore: Sendable {
  /// Takes a lexicon for publication whose present version is not in the log; nil if there is none.
  func unpublished() async throws(SpeechError) -> LexiconChange?
  /// Notes that the log has this change.
  func markPublished(_ change: LexiconChange) async throws(SpeechError)
  /// Applies a change of the log. The higher version wins, and of equal ones the later entry. A change that was made here
  /// and was not taken for publication is later than all entries, so it gets a higher version.
  /// - Parameter entry: committed if the lexicon changes.
  func take(_ change: LexiconChange, entry: JournalEntry) async throws(SpeechError)
}

/// A version of a lexicon as the replicas exchange it.
public struct LexiconChange: Codable, Sendable, Equatable {
  public var id: String
  public var version: Int
  /// Nil once it is removed.
  public var lexicon: Lexicon?

  private enum CodingKeys: String, CodingKey {
    case version, lexicon
    case id = "lexicon_id"
  }

  public init(id: String, version: Int, lexicon: Lexicon?) {
    self.id = id
    self.version = version
    self.lexicon = lexicon
  }

  /// - Throws: `invalid_request` for a value out of bounds.
  public func check() throws(SpeechError) {
    try Lexicon.check(id: id)
    let entries = lexicon?.entries ?? []
    guard (1...1_000_000_000).contains(version), lexicon.map({ $0.id == id && $0.version == version }) ?? true,
      entries.count <= Lexicon.maximumEntries, lexicon?.scope.unicodeScalars.count ?? 0 <= Lexicon.maximumScope
    else { throw SpeechError(.invalidRequest, "a lexicon is out of bounds", field: "lexicon") }
    for entry in entries { try entry.check(field: "lexicon") }
  }
}
