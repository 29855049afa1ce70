import GRDB
import SpeechCore

/// The position of this database in the voice log, the content of the log, and the changes that are not published yet.
public struct SQLiteVoiceReplicationStore: VoiceReplicationStore {
  private let database: SpeechDatabase

  /// Shares `database` with the other stores.
  public init(_ database: SpeechDatabase) {
    self.database = database
  }

  public var replicaID: String { database.replicaID }

  public func acceptsUnsigned() async throws(SpeechError) -> Bool {
    try await database.read { try Bool.fetchOne($0, sql: "SELECT accepts_unsigned FROM identity") ?? false }
  }

  public func setAcceptsUnsigned(_ accepts: Bool) async throws(SpeechError) {
    try await database.write { try $0.execute(sql: "UPDATE identity SET accepts_unsigned = ?", arguments: [accepts]) }
  }

  public func logPosition() async throws(SpeechError) -> LogPosition? {
    let keys = database.keyFile.ring.fingerprint
    return try await database.read { db in try LogPosition.fetch("voice_log_position", keys: keys, db) }
  }

  public func save(_ position: LogPosition?, _ logged: LoggedVoice?) async throws(SpeechError) {
    let keys = database.keyFile.ring.fingerprint
    try await database.write { db in
      if let logged {
        let sql = """
          INSERT INTO voice_logged VALUES (?, ?, ?)
          ON CONFLICT DO UPDATE SET version = max(version, excluded.version)
          """
        try db.execute(sql: sql, arguments: [logged.voiceID, logged.kind.rawValue, logged.version])
      }
      try position?.save("voice_log_position", keys: keys, db)
    }
  }

  public func forgetLog() async throws(SpeechError) {
    let sql = """
      DELETE FROM voice_log_position; DELETE FROM voice_logged;
      UPDATE lexicon SET state = 'missing' WHERE state = 'logged';
      """
    try await database.write { try $0.execute(sql: sql) }
  }

  public func announceMissing() async throws(SpeechError) {
    // Deletions first, so that no replica announces a voice that is deleted.
    let sql = """
      INSERT INTO voice_outbox (kind, voice_id)
      SELECT kind, voice_id
      FROM (SELECT *, iif(deleted_at_ms IS NULL, 'registered', 'deleted') AS kind FROM voice) v
      WHERE voice_id <> 'default'
        AND NOT EXISTS (
          SELECT 1 FROM voice_logged l
          WHERE l.voice_id = v.voice_id AND l.kind = v.kind AND l.version >= v.version)
        AND NOT EXISTS (SELECT 1 FROM voice_outbox o WHERE o.voice_id = v.voice_id AND o.kind = v.kind)
      ORDER BY kind, created_at_ms
      """
    try await database.write { try $0.execute(sql: sql) }
  }

  public func logNeedsErasure() async throws(SpeechError) -> Bool {
    let sql = """
      SELECT 1 FROM voice_logged LEFT JOIN voice USING (voice_id)
      WHERE kind = 'unsigned' OR (kind = 'registered' AND deleted_at_ms IS NOT NULL) LIMIT 1
      """
    return try await database.read { try Int.fetchOne($0, sql: sql) != nil }
  }

  public func pendingChanges(limit: Int) async throws(SpeechError) -> [PendingVoiceChange] {
    try await database.read { db in
      let sql = "SELECT * FROM voice_outbox ORDER BY sequence LIMIT ?"
      return try Row.fetchAll(db, sql: sql, arguments: [limit]).compactMap { row in
        guard let kind = PendingVoiceChange.Kind(rawValue: row["kind"]) else { return nil }
        return PendingVoiceChange(sequence: row["sequence"], kind: kind, voiceID: row["voice_id"])
      }
    }
  }

  public func removePendingChange(sequence: Int64) async throws(SpeechError) {
    try await database.write { db in
      try db.execute(sql: "DELETE FROM voice_outbox WHERE sequence = ?", arguments: [sequence])
    }
  }
}

extension LogPosition {
  /// - Parameter keys: the present keys. With other keys, entries that were refused may be valid, so the log is read again.
  static func fetch(_ table: String, keys: String, _ db: Database) throws -> LogPosition? {
    try Row.fetchOne(db, sql: "SELECT * FROM \(table) WHERE keys = ?", arguments: [keys]).map { row in
      LogPosition(offset: UInt64(clamping: row["applied_offset"] as Int64), digest: row["entry_digest"])
    }
  }

  func save(_ table: String, keys: String, _ db: Database) throws {
    try db.execute(
      sql: "INSERT OR REPLACE INTO \(table) VALUES (1, ?, ?, ?)",
      arguments: [Int64(clamping: offset), digest, keys])
  }
}
