import Foundation
import GRDB
import SpeechCore
import Synchronization
import Testing

@testable import SQLiteStorage

struct SQLiteAuditLogTests {
  private func record(_ id: String, at seconds: Double = 0, user: String? = nil) -> AuditRecord {
    var record = AuditRecord(
      action: .synthesize, requestID: id, transport: "amqp", receivedAt: Date(timeIntervalSince1970: seconds))
    record.userID = user
    record.characters = 10
    record.audioSeconds = 1.5
    record.seed = String(UInt64.max)
    return record
  }

  @Test func recordedRequestsAreReadInPages() async throws {
    let temporary = try TemporaryDatabase()
    let audit = SQLiteAuditLog(try temporary.open())
    #expect(try await audit.requests(AuditQuery()).requests.isEmpty)
    for index in 1...6 {
      var row = record("r\(index)", at: Double(index), user: index.isMultiple(of: 2) ? "ada" : nil)
      if index == 4 { row.outcome = "error" }
      try await audit.append(row)
    }
    let newest = try await audit.requests(AuditQuery(limit: 4))
    #expect(newest.requests.map { $0["request_id"]?.text } == ["r6", "r5", "r4", "r3"])
    #expect(newest.requests.first?["sequence"]?.integer == 6 && newest.next == 3)
    let oldest = try await audit.requests(AuditQuery(before: newest.next, limit: 4))
    #expect(oldest.requests.map { $0["request_id"]?.text } == ["r2", "r1"] && oldest.next == nil)
    let failed = try await audit.requests(AuditQuery(outcome: "error", userID: "ada"))
    #expect(failed.requests.map { $0["request_id"]?.text } == ["r4"] && failed.next == nil)
    try await audit.prune(before: Date(timeIntervalSince1970: 3))
    #expect(try await audit.requests(AuditQuery(userID: "ada")).next == nil)
  }

  @Test func aRareConditionReadsABoundedPart() async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let audit = SQLiteAuditLog(database)
    try await audit.append(record("old", user: "ada"))
    try await database.pool.write { db in
      try db.execute(
        sql: """
          INSERT INTO audit (sequence, payload, hash) WITH RECURSIVE n(i) AS (VALUES (2) UNION ALL
            SELECT i + 1 FROM n WHERE i < 20101) SELECT i, '{"outcome":"ok"}', '' FROM n;
          UPDATE audit_end SET last_sequence = 20101
          """)
    }
    let first = try await audit.requests(AuditQuery(userID: "ada"))
    #expect(first.requests.isEmpty && first.next == 102)
    let second = try await audit.requests(AuditQuery(userID: "ada", before: first.next))
    #expect(second.requests.count == 1 && second.next == nil)
  }

  @Test func concurrentRowsFormOneChain() async throws {
    let temporary = try TemporaryDatabase()
    let audit = SQLiteAuditLog(try temporary.open())
    try await withThrowingTaskGroup(of: Void.self) { group in
      for index in 0..<300 { group.addTask { try await audit.append(self.record("r\(index)")) } }
      try await group.waitForAll()
    }
    let verification = try await audit.verify()
    #expect(verification.rowCount == 300)
    #expect(verification.prunedCount == 0)
    #expect(verification.lastHash.count == 64)
  }

  @Test(arguments: [
    "UPDATE audit SET payload = replace(payload, 'r3', 'r4') WHERE sequence = 3",
    "DELETE FROM audit WHERE sequence = 3",
    "DELETE FROM audit WHERE sequence = 5",
    "DELETE FROM audit WHERE sequence = 1",
    "UPDATE audit SET hash = (SELECT hash FROM audit WHERE sequence = 2) WHERE sequence = 3",
  ])
  func tamperingIsFound(sql: String) async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let audit = SQLiteAuditLog(database)
    for index in 1...5 { try await audit.append(record("r\(index)")) }
    _ = try await audit.verify()
    try await database.pool.write { try $0.execute(sql: sql) }
    let error = await #expect(throws: StorageError.self) { try await audit.verify() }
    #expect(error?.code == .brokenChain)
  }

  /// F14 of the adversary's list: changes by someone who may write the database, and computes the hashes again.
  @Test(arguments: [
    // The end and its marker are cut.
    """
    DELETE FROM audit WHERE sequence > 3;
    UPDATE audit_end SET last_sequence = 3, last_hash = (SELECT hash FROM audit WHERE sequence = 3)
    """,
    // The head is cut like after pruning.
    """
    UPDATE audit_end SET pruned_sequence = 2, pruned_hash = (SELECT hash FROM audit WHERE sequence = 2);
    DELETE FROM audit WHERE sequence <= 2
    """,
    "DELETE FROM audit; UPDATE audit_end SET last_sequence = 0, last_hash = ''",
    "DELETE FROM audit; UPDATE audit_end SET last_sequence = 0, last_hash = '', signature = ''",
    "UPDATE usage SET requests = 0, characters = 0",
    "DELETE FROM usage",
    // All rows count as rows of version 0.1.
    "UPDATE audit SET signature = NULL; UPDATE audit_end SET unsigned_sequence = last_sequence",
    "UPDATE audit SET signature = (SELECT signature FROM audit WHERE sequence = 1)",
  ])
  func tamperingWithoutTheKeyIsFoundAlsoAfterMoreRows(sql: String) async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let audit = SQLiteAuditLog(database)
    for index in 1...5 { try await audit.append(record("r\(index)", user: "ada")) }
    _ = try await audit.verify()
    try await database.pool.write { try $0.execute(sql: sql) }
    for _ in 0..<2 {
      let error = await #expect(throws: StorageError.self) { try await audit.verify() }
      #expect(error?.code == .brokenChain)
      try await audit.append(record("later", user: "ada"))
    }
  }

  @Test func aRewrittenChainIsFoundByItsSignatures() async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let audit = SQLiteAuditLog(database)
    for index in 1...4 { try await audit.append(record("r\(index)")) }
    try await database.pool.write { db in
      var hash = ""
      for row in try Row.fetchAll(db, sql: "SELECT sequence, payload FROM audit ORDER BY sequence") {
        let payload = (row["payload"] as String).replacing("r2", with: "rx")
        hash = AuditChain.hash(payload: payload, previous: hash)
        try db.execute(
          sql: "UPDATE audit SET payload = ?, hash = ? WHERE sequence = ?",
          arguments: [payload, hash, row["sequence"] as Int64])
      }
      try db.execute(sql: "UPDATE audit_end SET last_hash = ?", arguments: [hash])
    }
    let error = await #expect(throws: StorageError.self) { try await audit.verify() }
    #expect(error?.message == "audit row 2 has no valid signature")
  }

  @Test func anOlderCopyIsFoundByAHashThatWasNotedElsewhere() async throws {
    let temporary = try TemporaryDatabase()
    let first = try temporary.open()
    let audit = SQLiteAuditLog(first)
    for index in 1...3 { try await audit.append(record("r\(index)")) }
    try first.close()
    let copy = temporary.folder + "/copy.sqlite"
    try FileManager.default.copyItem(atPath: temporary.path, toPath: copy)
    let second = SQLiteAuditLog(try temporary.open())
    try await second.append(record("r4"))
    let noted = try await second.verify().lastHash
    try await second.append(record("r5"))
    #expect(try await second.verify(expecting: noted).rowCount == 5)
    let older = SQLiteAuditLog(try SpeechDatabase(path: copy, keyFile: temporary.path + ".key"))
    #expect(try await older.verify().rowCount == 3)
    await #expect(throws: StorageError.self) { try await older.verify(expecting: noted) }
  }

  @Test func rowsOfAnEarlierKeyVerifyAndThoseOfAnotherDoNot() async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let audit = SQLiteAuditLog(database)
    try await audit.append(record("r1"))
    _ = try database.keyFile.rotate()
    try await audit.append(record("r2"))
    #expect(try await audit.verify().rowCount == 2)
    #expect(database.hasKnownKey())
    try database.close()
    let other = try SpeechDatabase(path: temporary.path, keyFile: temporary.folder + "/other.key")
    #expect(!other.hasKnownKey())
    let error = await #expect(throws: StorageError.self) { try await SQLiteAuditLog(other).verify() }
    #expect(error?.message.contains("is signed with key") == true)
  }

  /// F19 of the adversary's list.
  @Test func aRedeliveredMessageHasOneRow() async throws {
    let temporary = try TemporaryDatabase()
    let audit = SQLiteAuditLog(try temporary.open())
    func row(_ delivery: String, _ outcome: String, _ code: SpeechError.Code? = nil, redelivered: Bool) -> AuditRecord {
      var record = record("r", user: "ada")
      (record.deliveryDigest, record.isRedelivered, record.outcome) = (delivery, redelivered, outcome)
      record.errorCode = code
      return record
    }
    try await audit.append(row("a", "ok", redelivered: false))
    for outcome in ["ok", "replayed", "error"] {
      try await audit.append(row("a", outcome, outcome == "error" ? .cancelled : nil, redelivered: true))
    }
    #expect(try await audit.verify().rowCount == 1)
    // The same message sent twice is two requests.
    try await audit.append(row("a", "ok", redelivered: false))
    #expect(try await audit.verify().rowCount == 2)
    try await audit.append(row("b", "error", .internal, redelivered: true))
    for _ in 0..<20 { try await audit.append(row("b", "error", .internal, redelivered: true)) }
    try await audit.append(row("b", "ok", redelivered: true))
    #expect(try await audit.verify().rowCount == 4)
    #expect(try await audit.usage(UsageQuery()).first?.requests == 4)
  }

  @Test func pruningKeepsTheChainAndTheTotals() async throws {
    let temporary = try TemporaryDatabase()
    let audit = SQLiteAuditLog(try temporary.open())
    for index in 1...6 { try await audit.append(record("r\(index)", at: Double(index), user: "ada")) }
    #expect(try await audit.prune(before: Date(timeIntervalSince1970: 4)) == 3)
    #expect(try await audit.verify().rowCount == 4)
    #expect(try await audit.verify().prunedCount == 3)
    #expect(try await audit.prune(before: Date(timeIntervalSince1970: 4)) == 0)
    try await audit.append(record("r7", at: 7, user: "ada"))
    #expect(try await audit.verify().rowCount == 5)
    #expect(try await audit.usage(UsageQuery()).first?.requests == 7)
    #expect(try await audit.prune(before: Date.distantFuture) == 5)
    #expect(try await audit.verify().rowCount == 1)
  }

  @Test func pruningInBatchesLeavesOneRowThatSaysHowMany() async throws {
    let temporary = try TemporaryDatabase()
    let audit = SQLiteAuditLog(try temporary.open())
    for index in 1...9 { try await audit.append(record("r\(index)", at: Double(index))) }
    #expect(try await audit.prune(before: Date(timeIntervalSince1970: 8), by: "service", batchSize: 3) == 7)
    let verification = try await audit.verify()
    #expect(verification.prunedCount == 7 && verification.rowCount == 3)
    let lines = Mutex<[String]>([])
    try await audit.export { line in lines.withLock { $0.append(line) } }
    let last = try #require(lines.withLock { $0.last })
    #expect(last.contains(#""removed_rows":"7""#) && last.contains(#""transport":"service""#))
  }

  @Test func exportedLinesCanBeCheckedByAnyone() async throws {
    let temporary = try TemporaryDatabase()
    let audit = SQLiteAuditLog(try temporary.open())
    for index in 1...3 { try await audit.append(record("r\(index)")) }
    let lines = Mutex<[String]>([])
    try await audit.export { line in lines.withLock { $0.append(line) } }
    var previous = ""
    for line in lines.withLock({ $0 }) {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let start = try #require(line.range(of: "\"record\":")?.upperBound)
      let payload = String(line[start...].dropLast())
      #expect(object["previous_hash"] as? String == previous)
      #expect(object["hash"] as? String == AuditChain.hash(payload: payload, previous: previous))
      let fields = try #require(object["record"] as? [String: Any])
      #expect(fields["seed"] as? String == "18446744073709551615")
      previous = object["hash"] as? String ?? ""
    }
    #expect(lines.withLock { $0.count } == 3)
  }

  @Test func usageAddsUpPerUserAndDay() async throws {
    let temporary = try TemporaryDatabase()
    let audit = SQLiteAuditLog(try temporary.open())
    let day = 86_400.0
    try await audit.append(record("1", at: 0, user: "ada"))
    try await audit.append(record("2", at: 10, user: "ada"))
    var failed = record("3", at: 20, user: "ada")
    failed.outcome = "error"
    try await audit.append(failed)
    try await audit.append(record("4", at: day, user: "ada"))
    try await audit.append(record("5", at: day, user: "o'brien\"; --"))
    try await audit.append(
      AuditRecord(
        action: .registerVoice, requestID: "6", transport: "http", receivedAt: Date(timeIntervalSince1970: 0)))

    let rows = try await audit.usage(UsageQuery(userID: "ada"))
    #expect(
      rows == [
        UsageRow(userID: "ada", day: "1970-01-02", requests: 1, errors: 0, characters: 10, audioSeconds: 1.5),
        UsageRow(userID: "ada", day: "1970-01-01", requests: 3, errors: 1, characters: 20, audioSeconds: 3),
      ])
    #expect(try await audit.usage(UsageQuery(from: "1970-01-02")).count == 2)
    #expect(try await audit.usage(UsageQuery(to: "1970-01-01")).count == 1)
    #expect(try await audit.usage(UsageQuery(userID: "o'brien\"; --")).count == 1)
  }
}
