import Foundation
import SpeechCore

/// A message of the voice log: a voice with everything another replica needs to speak with it, or a deletion. Version
/// 0.1 reads and writes the same bodies, without ``entryID``.
struct VoiceChange: Codable, Sendable, Equatable {
  struct Latents: Codable, Sendable, Equatable {
    var modelDigest: String
    /// Little-endian float32.
    var gptLatents: Data
    var speakerEmbedding: Data

    private enum CodingKeys: String, CodingKey {
      case modelDigest = "model_sha256"
      case gptLatents = "gpt_latents"
      case speakerEmbedding = "speaker_embedding"
    }
  }

  enum Kind: String, Codable {
    case registered, deleted
    /// A replica begins to read the log; the entry has no voice.
    case joined
    /// The log replaces one that had the recordings of deleted voices; the entry has no voice.
    case erased
    /// A lexicon changed; the entry has no voice.
    case lexicon
  }

  var kind: Kind
  /// Random, so that no two entries are equal.
  var entryID: String? = RequestContext.makeRequestID()
  /// The replica that made the change.
  var origin: String
  var voice: VoiceRecord
  /// Empty in a deletion, and for a voice with imported latents.
  var samples: [VoiceSample] = []
  var latents: Latents?
  var lexicon: LexiconChange?

  private enum CodingKeys: String, CodingKey {
    case kind, origin, voice, samples, latents, lexicon
    case entryID = "entry_id"
  }

  /// An entry without a voice.
  static func note(_ kind: Kind, id: String, origin: String) -> VoiceChange {
    VoiceChange(
      kind: kind, entryID: id, origin: origin,
      voice: VoiceRecord(
        voiceID: "", version: 0, displayName: "", language: .english, sampleDigest: "", createdAt: Date()))
  }

  static func lexicon(_ lexicon: LexiconChange, origin: String) -> VoiceChange {
    var change = note(.lexicon, id: RequestContext.makeRequestID(), origin: origin)
    change.lexicon = lexicon
    return change
  }

  /// The entry of a deletion: it names nothing but the voice's id.
  static func deleted(_ voice: VoiceRecord, origin: String) -> VoiceChange {
    var tombstone = voice
    (tombstone.displayName, tombstone.sampleDigest, tombstone.sourceNote, tombstone.createdBy) = ("", "", nil, nil)
    tombstone.settings = nil
    return VoiceChange(kind: .deleted, origin: origin, voice: tombstone)
  }

  func encoded() throws(SpeechError) -> Data {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .millisecondsSince1970
    do { return try encoder.encode(self) } catch { throw SpeechError(describing: error) }
  }

  /// - Returns: nil for a message that this version does not understand, or with values out of bounds.
  static func decoded(_ body: Data) -> VoiceChange? {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .millisecondsSince1970
    guard let change = try? decoder.decode(VoiceChange.self, from: body), change.isPlausible else { return nil }
    return change
  }

  // MARK: Bounds

  private static let maximumLatents = 1 << 20

  private var isPlausible: Bool {
    guard kind == .registered || kind == .deleted else {
      return entryID.map { $0.utf8.count <= 64 } ?? false && (kind == .lexicon) == (lexicon != nil)
        && lexicon.map { (try? $0.check()) != nil } ?? true
    }
    // Each replica decides for itself what `default` is.
    guard voice.voiceID != VoiceRegistry.defaultID, (1...64).contains(voice.voiceID.utf8.count),
      (1...1_000_000).contains(voice.version), voice.displayName.count <= 200, (voice.sourceNote?.count ?? 0) <= 2_000,
      (voice.createdBy?.utf8.count ?? 0) <= 1_024, Self.isTime(voice.createdAt), voice.settings?.isValid ?? true
    else { return false }
    switch kind {
    case .joined, .erased, .lexicon: return true
    case .deleted: return voice.deletedAt.map(Self.isTime) ?? false
    case .registered:
      return samples.count <= 16 && samples.isEmpty == (latents?.modelDigest == ModelConditioning.imported)
        && samples.allSatisfy(Self.isPlausible) && voice.deletedAt == nil
        && (latents.map { Self.isPlausible($0.gptLatents) && Self.isPlausible($0.speakerEmbedding) } ?? true)
    }
  }

  private static func isTime(_ date: Date) -> Bool { (0..<1e11).contains(date.timeIntervalSince1970) }

  private static func isPlausible(_ sample: VoiceSample) -> Bool {
    (1_000...768_000).contains(sample.sampleRate) && sample.durationSeconds > 0 && sample.durationSeconds <= 3_600
      && SHA256.hash(data: sample.audio).hexadecimal == sample.digest
  }

  private static func isPlausible(_ floats: Data) -> Bool {
    (1...maximumLatents).contains(floats.count / 4) && floats.count.isMultiple(of: 4)
      && [Float](littleEndianBytes: floats).allSatisfy { abs($0) <= VoiceConditioning.largestValue }
  }

  var conditioning: ModelConditioning? {
    latents.map {
      ModelConditioning(
        modelDigest: $0.modelDigest,
        conditioning: VoiceConditioning(
          gptLatents: [Float](littleEndianBytes: $0.gptLatents),
          speakerEmbedding: [Float](littleEndianBytes: $0.speakerEmbedding)))
    }
  }
}

extension VoiceChange.Latents {
  init(_ conditioning: ModelConditioning) {
    self.init(
      modelDigest: conditioning.modelDigest, gptLatents: conditioning.conditioning.gptLatents.littleEndianBytes,
      speakerEmbedding: conditioning.conditioning.speakerEmbedding.littleEndianBytes)
  }
}
