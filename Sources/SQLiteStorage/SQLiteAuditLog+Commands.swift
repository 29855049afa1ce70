import Foundation
import GRDB
import SpeechCore

/// The work of `speechbus audit verify|export|prune`.
extension SQLiteAuditLog {
  /// The content of a verified chain.
  public struct Verification: Sendable, Equatable {
    /// Rows in the database.
    public var rowCount: Int
    /// Rows pruned before the first one that is left.
    public var prunedCount: Int64
    /// Hash of the newest row; noted elsewhere, it proves later that nothing before it was changed.
    public var lastHash: String
  }

  /// Recomputes every hash, in order, checks each signature, and compares the end with the marker and the totals with
  /// the rows.
  /// - Parameter expected: a hash that was noted earlier: a row must still have it.
  /// - Throws: `brokenChain` naming the first row that does not fit.
  public func verify(expecting expected: String? = nil) async throws(StorageError) -> Verification {
    let (chain, keyFile) = (database.chain, database.keyFile.path)
    return try await reading { db in
      let end = try ChainEnd.fetch(db)
      var (sequence, hash, count) = (end.prunedSequence, end.prunedHash, 0)
      var isExpectedFound = [nil, end.prunedHash].contains(expected)
      func check(_ verdict: KeyRing.Verdict, _ part: String) throws {
        switch verdict {
        case .valid: return
        case .forged: throw StorageError(.brokenChain, "\(part) has no valid signature")
        case .otherKey(let id):
          throw StorageError(.brokenChain, "\(part) is signed with key \(id), which \(keyFile) does not have")
        }
      }
      let rows = try Row.fetchCursor(db, sql: "SELECT sequence, payload, hash, signature FROM audit ORDER BY sequence")
      while let row = try rows.next() {
        let found: Int64 = row["sequence"]
        guard found - 1 == sequence else {
          throw StorageError(.brokenChain, "audit row \(sequence + 1) is missing, the next is \(found)")
        }
        hash = AuditChain.hash(payload: row["payload"], previous: hash)
        guard hash == row["hash"] else {
          throw StorageError(.brokenChain, "audit row \(found) or the one before it was changed")
        }
        if found > end.unsignedSequence {
          try check(chain.check(row["signature"], sequence: found, hash: hash), "audit row \(found)")
        }
        isExpectedFound = isExpectedFound || hash == expected
        sequence = found
        count += 1
      }
      guard sequence == end.lastSequence, hash == end.lastHash else {
        throw StorageError(.brokenChain, "audit rows after \(sequence) are missing")
      }
      try check(chain.check(end), "the end marker of the audit")
      guard isExpectedFound else {
        throw StorageError(
          .brokenChain, "no audit row has the expected hash: rows were replaced or pruned since it was noted")
      }
      try UsageTotals.check(db, isPruned: end.prunedSequence > 0)
      return Verification(rowCount: count, prunedCount: end.prunedSequence, lastHash: hash)
    }
  }

  /// Writes the rows as JSON lines: `{"sequence","hash","previous_hash","record":{…}}`; the record's text is exactly
  /// what the hash covers.
  /// - Parameter write: called for each line, without its line end.
  public func export(write: @escaping @Sendable (String) throws -> Void) async throws(StorageError) {
    try await reading { db in
      var previous = try ChainEnd.fetch(db).prunedHash
      let rows = try Row.fetchCursor(db, sql: "SELECT sequence, payload, hash FROM audit ORDER BY sequence")
      while let row = try rows.next() {
        let (sequence, payload, hash): (Int64, String, String) = (row["sequence"], row["payload"], row["hash"])
        try write(
          "{\"sequence\":\(sequence),\"hash\":\"\(hash)\",\"previous_hash\":\"\(previous)\",\"record\":\(payload)}")
        previous = hash
      }
    }
  }

  /// Removes the oldest rows, up to the first that is not older than `date`; the rest stays verifiable, and a row
  /// saying how many went is added. Totals per user and day stay.
  /// - Parameters:
  ///   - actor: who removes them, for that row: `cli` or `service`.
  ///   - batchSize: rows a transaction, so that requests never wait long for the write lock.
  /// - Returns: the number of removed rows.
  @discardableResult
  public func prune(
    before date: Date, by actor: String = "cli", batchSize: Int64 = 2_000
  ) async throws(StorageError) -> Int {
    do {
      var total = 0
      while true {
        let (removed, chain) = (total, database.chain)
        let batch = try await database.writer.write { db in
          try Self.pruneBatch(of: batchSize, before: date, by: actor, after: removed, chain, db)
        }
        total += batch.count
        guard !batch.isLast else { return total }
      }
    } catch {
      throw StorageError.from(error, path: database.path)
    }
  }

  /// - Parameter earlier: rows removed by the batches before; the last batch records the sum.
  private static func pruneBatch(
    of size: Int64, before date: Date, by actor: String, after earlier: Int, _ chain: AuditChain,
    _ db: Database
  ) throws -> (count: Int, isLast: Bool) {
    var end = try ChainEnd.fetch(db)
    let limit = min(end.lastSequence, end.prunedSequence + max(1, size))
    let sql = "SELECT sequence FROM audit WHERE sequence <= ? AND received_at_ms >= ? ORDER BY sequence LIMIT 1"
    let firstKept = try Int64.fetchOne(db, sql: sql, arguments: [limit, date.millisecondsSince1970])
    let lastPruned = firstKept.map { $0 - 1 } ?? limit
    var (anchor, count) = (end.prunedHash, 0)
    if lastPruned > end.prunedSequence {
      let hash = try String.fetchOne(db, sql: "SELECT hash FROM audit WHERE sequence = ?", arguments: [lastPruned])
      guard let hash else { throw StorageError(.brokenChain, "audit row \(lastPruned) is missing") }
      try db.execute(sql: "DELETE FROM audit WHERE sequence <= ?", arguments: [lastPruned])
      (anchor, count) = (hash, db.changesCount)
      let isIntact = chain.check(end) == .valid
      (end.prunedSequence, end.prunedHash) = (lastPruned, anchor)
      try chain.save(end, isIntact: isIntact, db)
    }
    guard firstKept != nil || lastPruned == end.lastSequence else { return (count, false) }
    guard earlier + count > 0 else { return (0, true) }
    var record = AuditRecord(
      action: .pruneAudit, requestID: RequestContext.makeRequestID(), transport: actor, receivedAt: Date())
    record.settings = ["removed_rows": String(earlier + count), "last_removed_hash": anchor]
    try chain.insert(AuditChain.payload(record), db)
    return (count, true)
  }

  private func reading<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StorageError) -> Value {
    do { return try await database.pool.read(body) } catch { throw StorageError.from(error, path: database.path) }
  }
}
