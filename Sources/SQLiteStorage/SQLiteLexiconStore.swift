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
      try Self.save(LexiconChange(id: stored.id, version: stored.version, lexicon: stored), "changed", db)
      try journal.prepare(ending(stored)).write(db)
      return (stored, row.map { $0["gone"] } ?? true)
    }
  }

  public func remove(id: String, entry: JournalEntry?) async throws(SpeechError) -> Bool {
    let pending = try prepare(entry)
    return try await database.write { db in
      try db.execute(
        sql: """
          UPDATE lexicon SET content = NULL, version = version + 1, state = 'changed'
          WHERE lexicon_id = ? AND content IS NOT NULL
          """, arguments: [id])
      guard db.changesCount == 1 else { return false }
      try pending?.write(db)
      return true
    }
  }

  private static func lexicon(_ row: Row) -> Lexicon? {
    guard let content: String = row["content"] else { return nil }
    var lexicon = try? JSONDecoder().decode(Lexicon.self, from: Data(content.utf8))
    lexicon?.version = row["version"]
    return lexicon
  }

  private static func save(_ change: LexiconChange, _ state: String, _ db: Database) throws {
    let content = try change.lexicon.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
    try db.execute(
      sql: "INSERT OR REPLACE INTO lexicon (lexicon_id, version, content, state) VALUES (?, ?, ?, ?)",
      arguments: [change.id, change.version, content, state])
  }

  private func prepare(_ entry: JournalEntry?) throws(SpeechError) -> SQLiteRequestJournal.Pending? {
    guard let entry else { return nil }
    return try journal.prepare(entry)
  }
}

extension SQLiteLexiconStore: LexiconReplicationStore {
  public func unpublished() async throws(SpeechError) -> LexiconChange? {
    let found = try await database.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM lexicon WHERE state <> 'logged' ORDER BY lexicon_id LIMIT 1").map {
        LexiconChange(id: $0["lexicon_id"], version: $0["version"], lexicon: Self.lexicon($0))
      }
    }
    // Once it is on its way, the order of the log decides.
    if let found { try await mark(found, "missing") }
    return found
  }

  public func markPublished(_ change: LexiconChange) async throws(SpeechError) {
    try await mark(change, "logged")
  }

  private func mark(_ change: LexiconChange, _ state: String) async throws(SpeechError) {
    try await database.write { db in
      try db.execute(
        sql: "UPDATE lexicon SET state = ? WHERE lexicon_id = ? AND version = ?",
        arguments: [state, change.id, change.version])
    }
  }

  public func take(_ change: LexiconChange, entry: JournalEntry) async throws(SpeechError) {
    let pending = try journal.prepare(entry)
    try await database.write { db in
      let row = try Row.fetchOne(db, sql: "SELECT * FROM lexicon WHERE lexicon_id = ?", arguments: [change.id])
      if let row {
        guard change.version >= row["version"] else { return }
        var own = Self.lexicon(row)
        own?.version = change.version
        if own == change.lexicon { return try Self.save(change, "logged", db) }
        if row["state"] == "changed" {
          let raised = LexiconChange(id: change.id, version: change.version + 1, lexicon: own)
          return try Self.save(raised, "changed", db)
        }
      }
      try Self.save(change, "logged", db)
      try pending.write(db)
    }
  }
}
