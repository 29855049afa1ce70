import Foundation
import GRDB
import SpeechCore

/// Lexicons in the database. A removed one keeps its row, so that its version never goes back.
public struct SQLiteLexiconStore: LexiconStore {
  private let database: SpeechDatabase
  private let journal: SQLiteRequestJournal

  /// - Parameter journal: where entries that come with a change go, on the same database; nil takes the usual bounds.
  public init(_ database: SpeechDatabase, journal: SQLiteRequestJournal? = nil) {
    self.database = database
    self.journal = journal ?? SQLiteRequestJournal(database)
  }

  public func lexicon(id: String) async throws(SpeechError) -> Lexicon? {
    try await database.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM lexicon WHERE lexicon_id = ? AND content IS NOT NULL", arguments: [id])
        .flatMap(Self.lexicon)
    }
  }

  public func lexicons() async throws(SpeechError) -> [Lexicon] {
    try await database.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM lexicon WHERE content IS NOT NULL ORDER BY lexicon_id")
        .compactMap(Self.lexicon)
    }
  }

  public func put(
    _ lexicon: Lexicon, ending: @escaping @Sendable (Lexicon) throws(SpeechError) -> JournalEntry
  ) async throws(SpeechError) -> (lexicon: Lexicon, isNew: Bool) {
    let journal = journal
    return try await database.write { db in
      let row = try Row.fetchOne(
        db, sql: "SELECT version, content IS NULL AS gone FROM lexicon WHERE lexicon_id = ?", arguments: [lexicon.id])
      var stored = lexicon
      stored.version = (row?["version"] ?? 0) + 1
      let content = String(decoding: try JSONEncoder().encode(stored), as: UTF8.self)
      try db.execute(
        sql: "INSERT OR REPLACE INTO lexicon (lexicon_id, version, content) VALUES (?, ?, ?)",
        arguments: [stored.id, stored.version, content])
      try journal.prepare(ending(stored)).write(db)
      return (stored, row.map { $0["gone"] } ?? true)
    }
  }

  public func remove(id: String, entry: JournalEntry?) async throws(SpeechError) -> Bool {
    let pending = try prepare(entry)
    return try await database.write { db in
      try db.execute(
        sql: "UPDATE lexicon SET content = NULL, version = version + 1 WHERE lexicon_id = ? AND content IS NOT NULL",
        arguments: [id])
      guard db.changesCount == 1 else { return false }
      try pending?.write(db)
      return true
    }
  }

  private static func lexicon(_ row: Row) -> Lexicon? {
    let content: String = row["content"]
    return try? JSONDecoder().decode(Lexicon.self, from: Data(content.utf8))
  }

  private func prepare(_ entry: JournalEntry?) throws(SpeechError) -> SQLiteRequestJournal.Pending? {
    guard let entry else { return nil }
    return try journal.prepare(entry)
  }
}
