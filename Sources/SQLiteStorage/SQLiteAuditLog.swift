import Foundation
import GRDB
import SpeechCore

/// The hash-chained record of requests, and the totals drawn from it.
public struct SQLiteAuditLog: AuditLog {
  let database: SpeechDatabase

  public init(_ database: SpeechDatabase) {
    self.database = database
  }

  /// The time for pruning.
  public var clock: TrustedClock { database.clock }

  /// The most rows that one query reads: a condition that few rows meet must not read a whole audit.
  private static let searchedRows: Int64 = 20_000

  public func requests(_ query: AuditQuery) async throws(SpeechError) -> AuditPage {
    let sql = """
      SELECT sequence, payload FROM audit WHERE sequence <= :last AND sequence > :after
        AND (:outcome IS NULL OR payload ->> '$.outcome' = :outcome)
        AND (:user IS NULL OR payload ->> '$.user_id' = :user)
      ORDER BY sequence DESC LIMIT :limit
      """
    return try await database.read { db in
      let end = try ChainEnd.fetch(db)
      let last = max(0, min(query.before.map { Int64(max(1, $0)) - 1 } ?? .max, end.lastSequence))
      let after = max(last - Self.searchedRows, end.prunedSequence)
      let arguments: StatementArguments = [
        "last": last, "after": after, "outcome": query.outcome, "user": query.userID, "limit": query.limit,
      ]
      let rows = try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
        let (sequence, payload): (Int64, String) = (row["sequence"], row["payload"])
        return (sequence, try Data(payload.utf8).withUnsafeBytes { try JSONValue(parsing: $0) })
      }
      let unread = rows.count == query.limit ? rows.last.map { $0.0 - 1 } ?? after : after
      return AuditPage(
        requests: rows.map { $1.merging(["sequence": .number(String($0))]) },
        next: unread > end.prunedSequence ? Int(unread + 1) : nil)
    }
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

  /// Adds a record within the caller's transaction, and counts it. A redelivered message whose end is recorded gets no
  /// second row.
  static func append(_ record: AuditRecord, payload: String, _ chain: AuditChain, _ db: Database) throws {
    guard try !isRecorded(record, db) else { return }
    try chain.insert(payload, db)
    try count(record, db)
  }

  /// A redelivery follows soon, so only the newest rows are searched.
  private static func isRecorded(_ record: AuditRecord, _ db: Database) throws -> Bool {
    guard record.isRedelivered, let digest = record.deliveryDigest else { return false }
    let sql = """
      SELECT 1 FROM audit
      WHERE sequence > (SELECT last_sequence FROM audit_end) - 5000 AND payload ->> '$.delivery_sha256' = ?
        AND (payload ->> '$.outcome' <> 'error' OR (? = 'error' AND payload ->> '$.error_code' IS ?))
      LIMIT 1
      """
    let arguments: StatementArguments = [digest, record.outcome, record.errorCode?.rawValue]
    return try Int.fetchOne(db, sql: sql, arguments: arguments) != nil
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
    // As in the payload, so that both name the same day.
    let receivedAt = Date(millisecondsSince1970: record.receivedAt.millisecondsSince1970)
    let day = receivedAt.formatted(.iso8601.year().month().day())
    try db.cachedStatement(sql: sql).execute(arguments: [
      day, record.userID ?? "", isError ? 1 : 0, characters, record.outcome == "ok" ? audioSeconds : 0,
    ])
  }
}
