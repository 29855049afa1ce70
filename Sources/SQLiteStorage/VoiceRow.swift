import Foundation
import GRDB
import SpeechCore

extension VoiceRecord {
  /// Reads a row of `voice`. Nil when the language is one this version doesn't know.
  init?(_ row: Row) {
    guard let language = Language(rawValue: row["language"]) else { return nil }
    self.init(
      voiceID: row["voice_id"], version: row["version"], displayName: row["display_name"], language: language,
      sampleDigest: row["sample_digest"], sourceNote: row["source_note"], createdBy: row["created_by"],
      createdAt: Date(millisecondsSince1970: row["created_at_ms"]),
      deletedAt: (row["deleted_at_ms"] as Int64?).map(Date.init(millisecondsSince1970:)),
      removesAudio: (row["removes_audio"] as Int?).map { $0 != 0 })
    consent = row["consent"]
    settings = (row["settings"] as String?).flatMap {
      try? JSONDecoder().decode(CloningSettings.self, from: Data($0.utf8))
    }
  }

  func insert(_ db: Database) throws {
    try db.execute(
      sql: """
        INSERT INTO voice (voice_id, version, display_name, language, sample_digest, source_note, created_by,
          created_at_ms, deleted_at_ms, removes_audio, consent, settings)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        voiceID, version, displayName, language.rawValue, sampleDigest, sourceNote, createdBy,
        createdAt.millisecondsSince1970, deletedAt?.millisecondsSince1970,
        removesAudio.map { $0 ? 1 : 0 }, consent,
        try settings.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) },
      ])
  }
}

extension VoiceConditioning {
  /// Reads a row of `conditioning`; arrays are little-endian float32.
  init(_ row: Row) {
    self.init(
      gptLatents: [Float](littleEndianBytes: row["gpt_latents"]),
      speakerEmbedding: [Float](littleEndianBytes: row["speaker_embedding"]))
  }
}

extension ModelConditioning {
  func insert(voiceID: String, version: Int, _ db: Database) throws {
    try db.execute(
      sql: "INSERT OR REPLACE INTO conditioning VALUES (?, ?, ?, ?, ?)",
      arguments: [
        voiceID, version, modelDigest, conditioning.gptLatents.littleEndianBytes,
        conditioning.speakerEmbedding.littleEndianBytes,
      ])
  }
}

extension Date {
  init(millisecondsSince1970 milliseconds: Int64) {
    self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
  }

  var millisecondsSince1970: Int64 {
    Int64(exactly: (timeIntervalSince1970 * 1000).rounded()) ?? 0
  }
}
