import Foundation
import GRDB
import SpeechCore

/// The position of this database in the voice log, and its changes that are not published yet.
public struct SQLiteVoiceReplicationStore: VoiceReplicationStore {
  private let database: SpeechDatabase

  public init(_ database: SpeechDatabase) {
    self.database = database
  }

  public var replicaID: String { database.replicaID }

  public func lastAppliedOffset() async throws(SpeechError) -> UInt64? {
    do {
      let offset = try await database.read { db in
        try Int64.fetchOne(db, sql: "SELECT applied_offset FROM voice_log_position")
      }
      return offset.map { UInt64(clamping: $0) }
    } catch {
      throw SpeechError(storage: error)
    }
  }

  public func saveAppliedOffset(_ offset: UInt64) async throws(SpeechError) {
    do {
      try await database.writer.write { db in
        try db.execute(
          sql:
            "INSERT OR REPLACE INTO voice_log_position (id, applied_offset) VALUES (1, ?)",
          arguments: [Int64(clamping: offset)])
      }
    } catch {
      throw SpeechError(storage: error)
    }
  }

  public func pendingChanges(limit: Int) async throws(SpeechError) -> [PendingVoiceChange] {
    do {
      return try await database.read { db in
        let sql = "SELECT * FROM voice_outbox ORDER BY sequence LIMIT ?"
        return try Row.fetchAll(db, sql: sql, arguments: [limit]).compactMap { row in
          guard let kind = PendingVoiceChange.Kind(rawValue: row["kind"]) else { return nil }
          return PendingVoiceChange(sequence: row["sequence"], kind: kind, voiceID: row["voice_id"])
        }
      }
    } catch {
      throw SpeechError(storage: error)
    }
  }

  public func removePendingChange(sequence: Int64) async throws(SpeechError) {
    do {
      try await database.writer.write { db in
        try db.execute(sql: "DELETE FROM voice_outbox WHERE sequence = ?", arguments: [sequence])
      }
    } catch {
      throw SpeechError(storage: error)
    }
  }
}
