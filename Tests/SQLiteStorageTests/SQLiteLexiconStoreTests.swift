import Foundation
import GRDB
import SpeechCore
import Testing

@testable import SQLiteStorage

@Suite struct SQLiteLexiconStoreTests {
  private func entry(_ lexicon: Lexicon) -> JournalEntry {
    JournalEntry(record: AuditRecord(action: .putLexicon, requestID: "r", transport: "cli", receivedAt: Date()))
  }

  /// A version never comes twice, also after a removal.
  @Test func eachChangeHasANewVersion() async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let store = SQLiteLexiconStore(database)
    let lexicon = Lexicon(id: "names", language: .english, entries: [LexiconEntry(written: "Ng", spoken: "Ing")])
    var (stored, isNew) = try await store.put(lexicon, ending: entry)
    #expect(stored.version == 1 && isNew)
    (stored, isNew) = try await store.put(lexicon, ending: entry)
    #expect(stored.version == 2 && !isNew)
    #expect(try await store.lexicon(id: "names") == stored)
    #expect(try await store.lexicons() == [stored])
    #expect(try await store.remove(id: "names", entry: nil))
    #expect(try await store.remove(id: "names", entry: nil) == false)
    #expect(try await store.lexicon(id: "names") == nil)
    #expect(try await store.lexicons() == [])
    (stored, isNew) = try await store.put(lexicon, ending: entry)
    #expect(stored.version == 4 && isNew)
    let rows = try await database.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM audit") }
    #expect(rows == 3)
  }

  /// The rules of replication: `a` is stored with version 2; the change of the log has another version or other words.
  @Test(arguments: [
    ("changed", 1, "b", "a2 changed"), ("changed", 2, "b", "a3 changed"), ("changed", 7, "b", "a8 changed"),
    ("changed", 2, "a", "a2 logged"), ("logged", 1, "b", "a2 logged"), ("logged", 2, "b", "b2 logged"),
    ("logged", 3, "", "-3 logged"), ("missing", 1, "b", "a2 missing"), ("missing", 3, "b", "b3 logged"),
    ("missing", 2, "a", "a2 logged"), ("missing", 4, "a", "a4 logged"),
  ])
  func aChangeOfTheLog(state: String, version: Int, spoken: String, result: String) async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let store = SQLiteLexiconStore(database)
    func lexicon(_ spoken: String, _ version: Int) -> Lexicon {
      Lexicon(id: "n", version: version, entries: [LexiconEntry(written: "w", spoken: spoken)])
    }
    for _ in 0..<2 { _ = try await store.put(lexicon("a", 0), ending: entry) }
    try await database.write { try $0.execute(sql: "UPDATE lexicon SET state = ?", arguments: [state]) }
    let change = LexiconChange(id: "n", version: version, lexicon: spoken.isEmpty ? nil : lexicon(spoken, version))
    try await store.take(change, entry: entry(lexicon("", 0)))
    let now = try await store.lexicon(id: "n")
    let (stored, end) = try await database.read { db in
      (
        try Int.fetchOne(db, sql: "SELECT version FROM lexicon") ?? 0,
        try String.fetchOne(db, sql: "SELECT state FROM lexicon") ?? ""
      )
    }
    #expect("\(now?.entries.first?.spoken ?? "-")\(stored) \(end)" == result && now?.version ?? stored == stored)
    let rows = try await database.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM audit") ?? 0 }
    #expect(rows == (result.hasPrefix("a") ? 2 : 3))
    if end == "logged" {
      #expect(try await store.unpublished() == nil)
    } else {
      let unpublished = try #require(try await store.unpublished())
      #expect(unpublished.version == stored && unpublished.lexicon == now)
      try await store.markPublished(unpublished)
      #expect(try await store.unpublished() == nil)
    }
  }
}
