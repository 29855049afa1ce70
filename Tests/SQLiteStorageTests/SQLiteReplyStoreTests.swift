import Foundation
import GRDB
import SpeechCore
import Synchronization
import Testing

@testable import SQLiteStorage

struct SQLiteReplyStoreTests {
  private func reply(_ name: String, bytes: Int = 100) -> StoredReply {
    StoredReply(
      fingerprint: name, reply: Data("{}".utf8), audio: Data(repeating: 7, count: bytes),
      chunkByteCounts: [60, bytes - 60])
  }

  private func save(
    _ reply: StoredReply, _ key: String, in store: SQLiteReplyStore, of database: SpeechDatabase
  ) async throws {
    try await database.writer.write { db in try store.save(reply, key: key, db) }
  }

  @Test func aReplyComesBackAsItWas() async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let store = SQLiteReplyStore(database)
    #expect(try await store.reply(key: "k") == nil)
    try await save(reply("a"), "k", in: store, of: database)
    #expect(try await store.reply(key: "k") == reply("a"))
    try await save(reply("b"), "k", in: store, of: database)
    #expect(try await store.reply(key: "k") == reply("b"))
  }

  @Test func theOldestGoWhenTheBytesRunOut() async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let store = SQLiteReplyStore(database, maximumBytes: 350)
    for index in 1...5 { try await save(reply("\(index)"), "k\(index)", in: store, of: database) }
    for index in 1...2 { #expect(try await store.reply(key: "k\(index)") == nil) }
    for index in 3...5 { #expect(try await store.reply(key: "k\(index)") != nil) }
    try await save(reply("large", bytes: 1000), "large", in: store, of: database)
    #expect(try await store.reply(key: "large") == nil)
    #expect(try await store.reply(key: "k5") != nil)
  }

  @Test func repliesExpire() async throws {
    let temporary = try TemporaryDatabase()
    let clock = TestClock()
    let database = try temporary.open()
    let store = SQLiteReplyStore(database, maximumAge: 60) { clock.now }
    try await save(reply("a"), "k", in: store, of: database)
    clock.advance(59)
    #expect(try await store.reply(key: "k") != nil)
    clock.advance(2)
    #expect(try await store.reply(key: "k") == nil)
    try await store.removeExpired()
    #expect(try await database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM inbox") } == 0)
    #expect(try await database.read { try Int.fetchOne($0, sql: "SELECT byte_count FROM inbox_total") } == 0)
  }

  private final class TestClock: Sendable {
    private let seconds = Mutex(1000.0)
    var now: Date { Date(timeIntervalSince1970: seconds.withLock { $0 }) }
    func advance(_ by: Double) { seconds.withLock { $0 += by } }
  }
}
