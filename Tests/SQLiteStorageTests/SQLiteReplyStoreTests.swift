import Foundation
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

  @Test func aReplyComesBackAsItWas() async throws {
    let temporary = try TemporaryDatabase()
    let store = SQLiteReplyStore(try temporary.open())
    #expect(try await store.reply(key: "k") == nil)
    try await store.save(reply("a"), key: "k")
    #expect(try await store.reply(key: "k") == reply("a"))
    try await store.save(reply("b"), key: "k")
    #expect(try await store.reply(key: "k") == reply("b"))
  }

  @Test func theOldestGoWhenTheBytesRunOut() async throws {
    let temporary = try TemporaryDatabase()
    let store = SQLiteReplyStore(try temporary.open(), maximumBytes: 350)
    for index in 1...5 { try await store.save(reply("\(index)"), key: "k\(index)") }
    for index in 1...2 { #expect(try await store.reply(key: "k\(index)") == nil) }
    for index in 3...5 { #expect(try await store.reply(key: "k\(index)") != nil) }
    try await store.save(reply("large", bytes: 1000), key: "large")
    #expect(try await store.reply(key: "large") == nil)
    #expect(try await store.reply(key: "k5") != nil)
  }

  @Test func repliesExpire() async throws {
    let temporary = try TemporaryDatabase()
    let clock = TestClock()
    let store = SQLiteReplyStore(try temporary.open(), maximumAge: 60) { clock.now }
    try await store.save(reply("a"), key: "k")
    clock.advance(59)
    #expect(try await store.reply(key: "k") != nil)
    clock.advance(2)
    #expect(try await store.reply(key: "k") == nil)
  }

  private final class TestClock: Sendable {
    private let seconds = Mutex(1000.0)
    var now: Date { Date(timeIntervalSince1970: seconds.withLock { $0 }) }
    func advance(_ by: Double) { seconds.withLock { $0 += by } }
  }
}
