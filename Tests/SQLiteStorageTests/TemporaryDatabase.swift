import Foundation
import SpeechCore
import Testing

@testable import SQLiteStorage

/// A database in a separate folder, which is removed with this object.
final class TemporaryDatabase: Sendable {
  let folder: String
  var path: String { folder + "/speechbus.sqlite" }
  var voiceDirectory: String { folder + "/voices" }

  init() throws {
    folder = NSTemporaryDirectory() + "speechbus-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func open() throws -> SpeechDatabase { try SpeechDatabase(path: path) }

  /// Whether the database or its write-ahead log holds these bytes.
  func hold(_ bytes: Data) throws -> Bool {
    try [path, path + "-wal"].contains { try Data(contentsOf: URL(fileURLWithPath: $0)).range(of: bytes) != nil }
  }
}

extension SQLiteAuditLog {
  func append(_ record: AuditRecord) async throws {
    try await SQLiteRequestJournal(database).commit(JournalEntry(record: record))
  }
}

extension SQLiteVoiceStore {
  /// Deletes a voice, and returns whether there was one.
  func softDelete(
    voiceID: String, at date: Date, removesAudio: Bool = false, isLocal: Bool, entry: JournalEntry? = nil
  ) async throws -> Bool {
    try await softDelete(
      voiceID: voiceID, at: date, removesAudio: removesAudio, isLocal: isLocal, entry: entry) as VoiceRemoval? != nil
  }
}

func makeSample(_ seed: UInt8) -> VoiceSample {
  let audio = Data(repeating: seed, count: 1000)
  return VoiceSample(
    audio: audio, digest: AuditChain.hash(payload: String(decoding: audio, as: UTF8.self), previous: ""),
    sampleRate: 24_000, durationSeconds: 6)
}

func makeVoice(_ id: String, version: Int = 1, at seconds: Double = 1000) -> VoiceRecord {
  VoiceRecord(
    voiceID: id, version: version, displayName: "Voice \(id)", language: .german, sampleDigest: "d-\(id)",
    sourceNote: "consent on file", createdBy: "ada", createdAt: Date(timeIntervalSince1970: seconds))
}

let conditioning = ModelConditioning(
  modelDigest: "m1", conditioning: VoiceConditioning(gptLatents: [0.5, -1, .pi], speakerEmbedding: [1, 0]))
