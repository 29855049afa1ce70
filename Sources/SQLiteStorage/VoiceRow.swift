import Foundation
import GRDB
import SpeechCore

/// A row of `voice`.
struct VoiceRow: Codable, FetchableRecord, PersistableRecord {
  static let databaseTableName = "voice"

  var voiceID: String
  var version: Int
  var displayName: String
  var language: String
  var sampleDigest: String
  var sourceNote: String?
  var createdBy: String?
  var createdAt: Int64
  var deletedAt: Int64?

  enum CodingKeys: String, CodingKey {
    case version, language
    case voiceID = "voice_id"
    case displayName = "display_name"
    case sampleDigest = "sample_digest"
    case sourceNote = "source_note"
    case createdBy = "created_by"
    case createdAt = "created_at_ms"
    case deletedAt = "deleted_at_ms"
  }

  init(_ voice: VoiceRecord) {
    voiceID = voice.voiceID
    version = voice.version
    displayName = voice.displayName
    language = voice.language.rawValue
    sampleDigest = voice.sampleDigest
    sourceNote = voice.sourceNote
    createdBy = voice.createdBy
    createdAt = voice.createdAt.millisecondsSince1970
    deletedAt = voice.deletedAt?.millisecondsSince1970
  }

  var isDeleted: Bool { deletedAt != nil }

  /// Nil when the language is one this version doesn't know.
  var record: VoiceRecord? {
    guard let language = Language(rawValue: language) else { return nil }
    return VoiceRecord(
      voiceID: voiceID, version: version, displayName: displayName, language: language, sampleDigest: sampleDigest,
      sourceNote: sourceNote, createdBy: createdBy, createdAt: Date(millisecondsSince1970: createdAt),
      deletedAt: deletedAt.map(Date.init(millisecondsSince1970:)))
  }
}

/// A row of `conditioning`; arrays are little-endian float32.
struct ConditioningRow: Codable, FetchableRecord, PersistableRecord {
  static let databaseTableName = "conditioning"

  var voiceID: String
  var version: Int
  var modelDigest: String
  var gptLatents: Data
  var speakerEmbedding: Data

  enum CodingKeys: String, CodingKey {
    case version
    case voiceID = "voice_id"
    case modelDigest = "model_digest"
    case gptLatents = "gpt_latents"
    case speakerEmbedding = "speaker_embedding"
  }

  init(_ conditioning: ModelConditioning, _ voiceID: String, _ version: Int) {
    self.voiceID = voiceID
    self.version = version
    modelDigest = conditioning.modelDigest
    gptLatents = conditioning.conditioning.gptLatents.littleEndianBytes
    speakerEmbedding = conditioning.conditioning.speakerEmbedding.littleEndianBytes
  }

  var conditioning: VoiceConditioning {
    VoiceConditioning(
      gptLatents: [Float](littleEndianBytes: gptLatents), speakerEmbedding: [Float](littleEndianBytes: speakerEmbedding)
    )
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
