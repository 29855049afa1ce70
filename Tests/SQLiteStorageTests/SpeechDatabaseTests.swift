import Foundation
import GRDB
import SpeechCore
import Testing

@testable import SQLiteStorage

struct SpeechDatabaseTests {
  @Test func keepsItsIdentityAcrossOpenings() throws {
    let temporary = try TemporaryDatabase()
    let first = try temporary.open()
    try first.close()
    let second = try temporary.open()
    #expect(first.replicaID == second.replicaID)
    #expect(first.replicaID.count == 32)
  }

  @Test func everyCommitIsFlushed() throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let full = 2
    #expect(try database.pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == full)
  }

  @Test func theLogBeginsAnewThoughCommitsNeverPause() async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let note = String(repeating: "n", count: 40_000)
    for _ in 0..<1_000 {
      try await database.writer.write { db in
        try db.execute(sql: "INSERT INTO voice_outbox (kind, voice_id) VALUES ('deleted', ?)", arguments: [note])
      }
    }
    // A write takes eleven pages or more, so a log that was never restarted would have 45 MB.
    let attributes = try FileManager.default.attributesOfItem(atPath: temporary.path + "-wal")
    #expect((attributes[.size] as? Int ?? 0) < 8_000_000)
    try database.close()
    let again = try temporary.open()
    #expect(try await again.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM voice_outbox") } == 1_000)
  }

  @Test func anOlderFileKeepsItsRowsAndReplies() async throws {
    let temporary = try TemporaryDatabase()
    let reply = StoredReply(fingerprint: "f", reply: Data("{}".utf8), audio: Data([1, 2, 3]), chunkByteCounts: [3])
    let old = try DatabaseQueue(path: temporary.path)
    try Migrations.migrator().migrate(old, upTo: "001")
    let records = (0..<5).map(makeRecord)
    try await old.write { db in
      var hash = ""
      for (index, record) in records.enumerated() {
        let payload = try AuditChain.payload(record)
        hash = AuditChain.hash(payload: payload, previous: hash)
        try db.execute(
          sql: "INSERT INTO audit (sequence, payload, hash) VALUES (?, ?, ?)", arguments: [index + 1, payload, hash])
      }
      try db.execute(
        sql:
          "UPDATE audit_end SET last_sequence = 5, last_hash = ?; INSERT INTO usage VALUES ('1970-01-01', '', 5, 0, 0, 0)",
        arguments: [hash])
      let sql = "INSERT INTO inbox VALUES (1, 'k', 'f', ?, ?, '3', 100, ?)"
      try db.execute(sql: sql, arguments: [reply.reply, reply.audio, Date().millisecondsSince1970])
    }
    try old.close()

    let database = try temporary.open()
    let audit = SQLiteAuditLog(database)
    #expect(try await audit.verify().rowCount == 5)
    #expect(try await SQLiteReplyStore(database).reply(key: "k") == reply)
    try await audit.append(makeRecord(5))
    #expect(try await audit.prune(before: Date(timeIntervalSince1970: 2)) == 6)
    #expect(try await audit.verify().rowCount == 1)
    try database.close()
  }

  @Test func refusesANewerFileAndLeavesItAlone() throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    try database.pool.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999')") }
    try database.close()
    let before = try Data(contentsOf: URL(fileURLWithPath: temporary.path))
    let error = #expect(throws: StorageError.self) { try temporary.open() }
    #expect(error?.code == .newerVersion)
    #expect(try Data(contentsOf: URL(fileURLWithPath: temporary.path)) == before)
  }

  @Test func refusesADamagedFileAndLeavesItAlone() async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let audit = SQLiteAuditLog(database)
    for index in 0..<200 { try await audit.append(makeRecord(index)) }
    try database.close()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: temporary.path))
    for index in stride(from: 8192, to: bytes.count, by: 97) { bytes[index] = 0xA5 }
    try bytes.write(to: URL(fileURLWithPath: temporary.path))
    let error = #expect(throws: StorageError.self) { try temporary.open() }
    #expect(error?.code == .damaged)
    #expect(try Data(contentsOf: URL(fileURLWithPath: temporary.path)) == bytes)
  }

  @Test func refusesOtherFiles() throws {
    let temporary = try TemporaryDatabase()
    try Data("hello, this is a text file of some length ......................".utf8)
      .write(to: URL(fileURLWithPath: temporary.path))
    #expect(#expect(throws: StorageError.self) { try temporary.open() }?.code == .foreignFile)

    let other = try TemporaryDatabase()
    let queue = try DatabaseQueue(path: other.path)
    try queue.write { try $0.execute(sql: "CREATE TABLE notes (id INTEGER)") }
    try queue.close()
    #expect(#expect(throws: StorageError.self) { try other.open() }?.code == .foreignFile)
  }

  @Test func opensAFileThatAStartLeftBlank() throws {
    let temporary = try TemporaryDatabase()
    let queue = try DatabaseQueue(path: temporary.path)
    try queue.writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA user_version = 0; VACUUM")
    }
    try queue.close()
    #expect(try temporary.open().replicaID.count == 32)
  }

  @Test func refusesAFileWithoutAnIdentity() throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    try database.pool.write { try $0.execute(sql: "DELETE FROM identity") }
    try database.close()
    let error = #expect(throws: StorageError.self) { try temporary.open() }
    #expect(error?.message == "database \(temporary.path) has no identity")
  }

  @Test func namesAFolderThatIsMissing() throws {
    let error = #expect(throws: StorageError.self) { try SpeechDatabase(path: "/nowhere/at/all.sqlite") }
    #expect(error?.code == .unavailable)
    #expect(error?.message.contains("/nowhere/at/all.sqlite") == true)
  }

  /// F30 of the adversary's list: no row goes into a file that another program moved away.
  @Test func aDatabaseThatWasMovedIsNoticed() async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let audit = SQLiteAuditLog(database)
    try await audit.append(makeRecord(1))
    #expect(database.isInPlace)
    try FileManager.default.moveItem(atPath: temporary.path, toPath: temporary.path + ".moved")
    #expect(!database.isInPlace)
    let error = await #expect(throws: SpeechError.self) { try await audit.append(makeRecord(2)) }
    #expect(error?.message.contains("was moved or replaced") == true)
    try FileManager.default.moveItem(atPath: temporary.path + ".moved", toPath: temporary.path)
    try await audit.append(makeRecord(2))
    #expect(try await audit.verify().rowCount == 2)
  }

  @Test func aFailingWriteFailsAlone() async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let results = await withTaskGroup(of: Bool.self) { group in
      for index in 0..<40 {
        group.addTask {
          do {
            try await database.writer.write { db in
              try db.execute(
                sql: "INSERT INTO voice_outbox (kind, voice_id) VALUES ('registered', ?)", arguments: [index])
              if index.isMultiple(of: 4) { try db.execute(sql: "INSERT INTO nowhere VALUES (1)") }
            }
            return true
          } catch {
            return false
          }
        }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(results == 30)
    #expect(try await database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM voice_outbox") } == 30)
  }

  private func makeRecord(_ index: Int) -> AuditRecord {
    AuditRecord(
      action: .synthesize, requestID: "r\(index)", transport: "http", receivedAt: Date(timeIntervalSince1970: 1))
  }
}
