import Foundation

/// A registered voice as the database keeps it. Built-in speakers have no record.
public struct VoiceRecord: Sendable, Equatable, Codable {
  /// 32 lower-case hex digits, or `default` for the voice of `XTTS_DEFAULT_VOICE`.
  public var voiceID: String
  /// 1 at registration; rises when the reference audio behind the same id changes.
  public var version: Int
  /// The name for people.
  public var displayName: String
  /// The language of the recording.
  public var language: Language
  /// SHA-256 over the digests of the samples in order, or over imported latents, lower-case hex.
  public var sampleDigest: String
  /// The way in which the latents are computed from the samples; nil for the model's.
  public var settings: CloningSettings?
  /// Who agreed to the voice's use, or where it comes from.
  public var sourceNote: String?
  /// The statement with which the speaker agreed to the voice. It is erased with the voice.
  public var consent: String?
  /// The user that registered it.
  public var createdBy: String?
  /// The time of the registration.
  public var createdAt: Date
  /// Set on deletion. Id, version and times stay, so that audit rows keep their reference and no replica registers the
  /// voice again; everything else goes.
  public var deletedAt: Date?
  /// True if stored audio in this voice was removed with it.
  public var removesAudio: Bool?

  public init(
    voiceID: String, version: Int = 1, displayName: String, language: Language, sampleDigest: String,
    sourceNote: String? = nil, createdBy: String? = nil, createdAt: Date, deletedAt: Date? = nil,
    removesAudio: Bool? = nil
  ) {
    self.voiceID = voiceID
    self.version = version
    self.displayName = displayName
    self.language = language
    self.sampleDigest = sampleDigest
    self.sourceNote = sourceNote
    self.createdBy = createdBy
    self.createdAt = createdAt
    self.deletedAt = deletedAt
    self.removesAudio = removesAudio
  }

  /// The voice as lists show it.
  public var summary: VoiceSummary {
    var summary = VoiceSummary(voiceID: voiceID, displayName: displayName, language: language, consent: consent)
    summary.settings = settings
    return summary
  }

  /// Decides between two changes that replicas made at the same time under one version: the greater one stays.
  public var rank: String { ([sampleDigest] + (settings?.parts ?? [])).joined(separator: " ") }

  private enum CodingKeys: String, CodingKey {
    case version, language, consent, settings
    case voiceID = "voice_id"
    case displayName = "display_name"
    case sampleDigest = "sample_digest"
    case sourceNote = "source_note"
    case createdBy = "created_by"
    case createdAt = "created_at"
    case deletedAt = "deleted_at"
    case removesAudio = "removes_audio"
  }
}

/// One normalised reference clip: mono 16-bit FLAC at the clip's own sample rate.
public struct VoiceSample: Sendable, Equatable, Codable {
  /// The FLAC file.
  public var audio: Data
  /// SHA-256 of `audio`, lower-case hex.
  public var digest: String
  /// Hertz.
  public var sampleRate: Int
  /// Seconds of audio.
  public var durationSeconds: Double

  public init(audio: Data, digest: String, sampleRate: Int, durationSeconds: Double) {
    self.audio = audio
    self.digest = digest
    self.sampleRate = sampleRate
    self.durationSeconds = durationSeconds
  }

  private enum CodingKeys: String, CodingKey {
    case audio, digest
    case sampleRate = "sample_rate"
    case durationSeconds = "duration_seconds"
  }
}

/// Latents computed from a voice's samples by one model, or imported ones.
public struct ModelConditioning: Sendable, Equatable {
  /// In place of ``modelDigest`` for imported latents, which belong to no model.
  public static let imported = ""
  /// SHA-256 of the model, as ``ModelDescription/sha256``; ``imported`` for a voice without samples.
  public var modelDigest: String
  /// The latents.
  public var conditioning: VoiceConditioning

  public init(modelDigest: String, conditioning: VoiceConditioning) {
    self.modelDigest = modelDigest
    self.conditioning = conditioning
  }
}

/// Where registered voices are kept. A voice and its samples appear and vanish together, also across a crash.
public protocol VoiceStore: Sendable {
  /// Adds a voice, or a higher version of it, with its samples and, if known, its latents. Samples may be absent only with
  /// imported latents.
  /// - Parameters:
  ///   - isLocal: the change was made here, so it is published to the other replicas.
  ///   - entry: committed in the same transaction.
  /// - Returns: false if the voice exists or was deleted: then nothing is changed or committed.
  /// - Throws: `internal` when the disk or database fails.
  @discardableResult
  func insert(
    _ voice: VoiceRecord, samples: [VoiceSample], conditioning: ModelConditioning?, isLocal: Bool,
    entry: JournalEntry?
  ) async throws(SpeechError) -> Bool

  /// - Returns: nil for an unknown id; a deleted voice is returned with ``VoiceRecord/deletedAt`` set.
  func voice(id: String) async throws(SpeechError) -> VoiceRecord?

  /// All voices that are not deleted, oldest first.
  func voices() async throws(SpeechError) -> [VoiceRecord]

  /// All voices that are deleted, oldest first.
  func deletedVoices() async throws(SpeechError) -> [VoiceRecord]

  /// The clips of a voice's current version, in order.
  func samples(voiceID: String) async throws(SpeechError) -> [VoiceSample]

  /// The stored latents of a voice's version for a model; nil if there are none.
  func conditioning(
    voiceID: String, version: Int, modelDigest: String
  ) async throws(SpeechError) -> VoiceConditioning?

  /// Keeps latents; nothing happens when the voice was deleted or replaced meanwhile.
  func saveConditioning(
    _ conditioning: ModelConditioning, voiceID: String, version: Int
  ) async throws(SpeechError)

  /// Marks a voice deleted and removes its samples and latents, its name, note and user, also from stored replies.
  /// - Parameters:
  ///   - removesAudio: also removes stored replies in this voice.
  ///   - entry: committed in the same transaction, unless there was no such voice.
  /// - Returns: nil when there was no such voice.
  func softDelete(
    voiceID: String, at date: Date, removesAudio: Bool, isLocal: Bool, entry: JournalEntry?
  ) async throws(SpeechError) -> VoiceRemoval?

  /// Keeps the deletion of a voice that was never here, so that it is not registered later.
  func remember(deleted voice: VoiceRecord) async throws(SpeechError)
}

/// A deletion's work that is left to the caller.
public struct VoiceRemoval: Sendable, Equatable {
  /// The requests whose stored clips must be removed.
  public var clipRequestIDs: [String]

  public init(clipRequestIDs: [String] = []) {
    self.clipRequestIDs = clipRequestIDs
  }
}

extension VoiceStore {
  /// Adds a voice without a journal entry.
  @discardableResult
  public func insert(
    _ voice: VoiceRecord, samples: [VoiceSample], conditioning: ModelConditioning?, isLocal: Bool
  ) async throws(SpeechError) -> Bool {
    try await insert(voice, samples: samples, conditioning: conditioning, isLocal: isLocal, entry: nil)
  }
}
