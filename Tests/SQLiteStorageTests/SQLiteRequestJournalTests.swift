import Foundation
import GRDB
import SpeechCore
import Testing

@testable import SQLiteStorage

struct SQLiteRequestJournalTests {
  private func record(_ id: String, _ action: AuditRecord.Action = .synthesize) -> AuditRecord {
    AuditRecord(action: action, requestID: id, transport: "amqp", receivedAt: Date(timeIntervalSince1970: 1))
  }

  private func entry(_ id: String, key: String?) -> JournalEntry {
    let reply = StoredReply(fingerprint: id, reply: Data(id.utf8), audio: nil)
    return JournalEntry(record: record(id), reply: key.map { KeyedReply(key: $0, reply: reply) })
  }

  @Test func rowAndReplyComeTogether() async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let journal = SQLiteRequestJournal(database)
    try await journal.commit(entry("r1", key: "k"))
    try await journal.commit(entry("r2", key: nil))
    #expect(try await journal.reply(key: "k")?.fingerprint == "r1")
    #expect(try await SQLiteAuditLog(database).verify().rowCount == 2)
  }

  @Test(arguments: ["audit", "inbox"])
  func whenOneCanNotBeWrittenNeitherIs(table: String) async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let journal = SQLiteRequestJournal(database)
    try await database.pool.write { db in
      try db.execute(
        sql: "CREATE TRIGGER refuse BEFORE INSERT ON \(table) BEGIN SELECT raise(ABORT, 'full'); END")
    }
    let error = await #expect(throws: SpeechError.self) { try await journal.commit(entry("r1", key: "k")) }
    #expect(error?.code == .internal)
    #expect(try await journal.reply(key: "k") == nil)
    #expect(try await SQLiteAuditLog(database).verify().rowCount == 0)
  }

  @Test func aVoiceAndItsEntryComeTogether() async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let store = SQLiteVoiceStore(database, voiceDirectory: temporary.voiceDirectory)
    let journal = SQLiteRequestJournal(database)
    try await store.insert(
      makeVoice("a"), samples: [makeSample(1)], conditioning: nil, isLocal: true, entry: entry("r1", key: "k1"))
    #expect(
      try await store.softDelete(voiceID: "nobody", at: Date(), isLocal: true, entry: entry("r2", key: "k2")) == false)
    #expect(try await journal.reply(key: "k2") == nil)
    #expect(try await store.softDelete(voiceID: "a", at: Date(), isLocal: true, entry: entry("r3", key: "k3")))
    #expect(try await journal.reply(key: "k1") != nil)
    #expect(try await journal.reply(key: "k3") != nil)
    #expect(try await SQLiteAuditLog(database).verify().rowCount == 2)

    try await database.pool.write { db in
      try db.execute(sql: "CREATE TRIGGER refuse BEFORE INSERT ON inbox BEGIN SELECT raise(ABORT, 'full'); END")
    }
    await #expect(throws: SpeechError.self) {
      try await store.insert(
        makeVoice("b"), samples: [makeSample(2)], conditioning: nil, isLocal: true, entry: entry("r4", key: "k4"))
    }
    #expect(try await store.voice(id: "b") == nil)
    #expect(try await SQLiteAuditLog(database).verify().rowCount == 2)
  }
}
