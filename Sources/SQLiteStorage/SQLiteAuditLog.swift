import Foundation
import GRDB
import SpeechCore

/// The hash-chained record of requests, and the totals drawn from it.
public struct SQLiteAuditLog: AuditLog {
  let database: SpeechDatabase

  public init(_ database: SpeechDatabase) {
    self.database = database
  }

  public func usage(_ query: UsageQuery) async throws(SpeechError) -> [UsageRow] {
    let sql = """
      SELECT * FROM usage
      WHERE (:user IS NULL OR user_id = :user) AND day >= :from AND day <= :to
      ORDER BY day DESC, user_id LIMIT :limit
      """
    let arguments: StatementArguments = [
      "user": query.userID, "from": query.from ?? "", "to": query.to ?? "9999-12-31", "limit": query.limit,
    ]
    return try await database.read { db in
      try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
        UsageRow(
          userID: row["user_id"], day: row["day"], requests: row["requests"], errors: row["errors"],
          characters: row["characters"], audioSeconds: row["audio_seconds"])
      }
    }
  }

  /// Adds a record within the caller's transaction, and counts it.
  static func append(_ record: AuditRecord, payload: String, _ db: Database) throws {
    try insert(payload, db)
    try count(record, db)
  }

  /// Adds a row at the chain's end. The end is read from the file: other processes may have added to it.
  static func insert(_ payload: String, _ db: Database) throws {
    let end = try ChainEnd.fetch(db)
    let (sequence, overflow) = end.lastSequence.addingReportingOverflow(1)
    guard !overflow else { throw StorageError(.unavailable, "the audit is full") }
    let hash = AuditChain.hash(payload: payload, previous: end.lastHash)
    try db.cachedStatement(sql: "INSERT INTO audit (sequence, payload, hash) VALUES (?, ?, ?)")
      .execute(arguments: [sequence, payload, hash])
    try db.cachedStatement(sql: "UPDATE audit_end SET last_sequence = ?, last_hash = ?")
      .execute(arguments: [sequence, hash])
  }

  private static func count(_ record: AuditRecord, _ db: Database) throws {
    guard record.action == .synthesize else { return }
    let sql = """
      INSERT INTO usage VALUES (?, ?, 1, ?, ?, ?) ON CONFLICT DO UPDATE SET
        requests = requests + 1, errors = errors + excluded.errors,
        characters = characters + excluded.characters, audio_seconds = audio_seconds + excluded.audio_seconds
      """
    // A replay produced nothing, and a failure is not charged.
    let isError = record.outcome == "error"
    let characters = record.outcome == "ok" ? record.characters ?? 0 : 0
    let audioSeconds = record.audioSeconds.flatMap { $0.isFinite && $0 > 0 ? $0 : nil } ?? 0
    let day = record.receivedAt.formatted(.iso8601.year().month().day())
    try db.cachedStatement(sql: sql).execute(arguments: [
      day, record.userID ?? "", isError ? 1 : 0, characters, record.outcome == "ok" ? audioSeconds : 0,
    ])
  }
}

/// The row of `audit_end`: the first row of the chain after pruning, and the last.
struct ChainEnd {
  var prunedSequence: Int64
  var prunedHash: String
  var lastSequence: Int64
  var lastHash: String

  static func fetch(_ db: Database) throws -> ChainEnd {
    guard let row = try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM audit_end")) else {
      throw StorageError(.brokenChain, "the audit's end marker is missing")
    }
    return ChainEnd(
      prunedSequence: row["pruned_sequence"], prunedHash: row["pruned_hash"], lastSequence: row["last_sequence"],
      lastHash: row["last_hash"])
  }
}
