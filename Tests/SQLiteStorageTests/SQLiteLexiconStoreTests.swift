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
}
