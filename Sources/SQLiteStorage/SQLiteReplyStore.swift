import Foundation
import GRDB
import SpeechCore

/// Finished replies by idempotency key, bounded in age and in bytes.
public struct SQLiteReplyStore: Sendable {
  private let database: SpeechDatabase
  private let maximumAge: TimeInterval
  private let maximumBytes: Int
  private let now: @Sendable () -> Date

  /// - Parameters:
  ///   - maximumAge: seconds; older replies count as unknown.
  ///   - now: nil is the database's trusted clock.
  ///   - maximumBytes: limit for the sum of all replies; the oldest are removed first. A larger single reply is not kept.
  public init(
    _ database: SpeechDatabase, maximumAge: TimeInterval = 24 * 3600, maximumBytes: Int = 512 << 20,
    now: (@Sendable () -> Date)? = nil
  ) {
    self.database = database
    self.maximumAge = maximumAge
    self.maximumBytes = maximumBytes
    self.now = now ?? { database.clock.now }
  }

  func reply(key: String) async throws(SpeechError) -> StoredReply? {
    let oldest = now().addingTimeInterval(-maximumAge).millisecondsSince1970
    return try await database.read { db in
      let sql = "SELECT * FROM inbox WHERE key = ? AND saved_at_ms >= ?"
      return try Row.fetchOne(db.cachedStatement(sql: sql), arguments: [key, oldest]).map { row in
        let counts: String = row["chunk_byte_counts"]
        return StoredReply(
          fingerprint: row["fingerprint"], reply: row["reply"], audio: row["audio"],
          chunkByteCounts: counts.split(separator: " ").compactMap { Int($0) })
      }
    }
  }

  /// Keeps a reply, within the caller's transaction; drops the oldest when a bound is passed.
  func save(_ reply: StoredReply, key: String, _ db: Database) throws {
    try save(reply, key: key, at: now(), db)
  }

  /// Keeps a reply of another replica, or of an earlier process, unless it is too old or there already.
  /// - Returns: whether it was kept.
  func take(_ reply: StoredReply, key: String, savedAt: Date, _ db: Database) throws -> Bool {
    let date = min(savedAt, now())
    guard now().timeIntervalSince(date) < maximumAge else { return false }
    let sql = "SELECT 1 FROM inbox WHERE key = ? AND (saved_at_ms >= ? OR reply = ?)"
    let arguments: StatementArguments = [key, date.millisecondsSince1970, reply.reply]
    guard try Int.fetchOne(db, sql: sql, arguments: arguments) == nil else { return false }
    try save(reply, key: key, at: date, db)
    return true
  }

  private func save(_ reply: StoredReply, key: String, at date: Date, _ db: Database) throws {
    guard reply.byteCount <= maximumBytes else { return }
    try removeExpired(at: now(), db)
    try db.cachedStatement(sql: "DELETE FROM inbox WHERE key = ?").execute(arguments: [key])
    let sql = """
      INSERT INTO inbox (key, fingerprint, reply, audio, chunk_byte_counts, byte_count, saved_at_ms)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """
    try db.cachedStatement(sql: sql).execute(arguments: [
      key, reply.fingerprint, reply.reply, reply.audio,
      reply.chunkByteCounts.map(String.init).joined(separator: " "), reply.byteCount, date.millisecondsSince1970,
    ])
    try dropOldest(db)
  }

  /// Removes what is too old; for a service that stores nothing new for a while.
  public func removeExpired() async throws(SpeechError) {
    let date = now()
    try await database.write { db in try removeExpired(at: date, db) }
  }

  private func removeExpired(at date: Date, _ db: Database) throws {
    let oldest = date.addingTimeInterval(-maximumAge).millisecondsSince1970
    try db.cachedStatement(sql: "DELETE FROM inbox WHERE saved_at_ms < ?").execute(arguments: [oldest])
  }

  private func dropOldest(_ db: Database) throws {
    let total = try db.cachedStatement(sql: "SELECT byte_count FROM inbox_total")
    while let byteCount = try Int.fetchOne(total), byteCount > maximumBytes {
      try db.execute(sql: "DELETE FROM inbox WHERE sequence = (SELECT min(sequence) FROM inbox)")
      guard db.changesCount > 0 else { return }
    }
  }
}
