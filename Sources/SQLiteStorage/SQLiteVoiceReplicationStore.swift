import GRDB
import SpeechCore

/// The position of this database in the voice log, and its changes that are not published yet.
public struct SQLiteVoiceReplicationStore: VoiceReplicationStore {
  private let database: SpeechDatabase

  /// Shares `database` with the other stores.
  public init(_ database: SpeechDatabase) {
    self.database = database
  }

  public var replicaID: String { database.replicaID }

  public func lastAppliedOffset() async throws(SpeechError) -> UInt64? {
    try await database.read { db in
      try Int64.fetchOne(db, sql: "SELECT applied_offset FROM voice_log_position").map { UInt64(clamping: $0) }
    }
  }

  public func saveAppliedOffset(_ offset: UInt64) async throws(SpeechError) {
    try await database.write { db in
      try db.execute(
        sql: "INSERT OR REPLACE INTO voice_log_position (id, applied_offset) VALUES (1, ?)",
        arguments: [Int64(clamping: offset)])
    }
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
