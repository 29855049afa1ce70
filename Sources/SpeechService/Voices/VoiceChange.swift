import Foundation
import SpeechCore

/// A message of the voice log: a voice with everything another replica needs to speak with it, or a deletion.
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

  var kind: Kind
  /// The replica that made the change.
  var origin: String
  var voice: VoiceRecord
  /// Empty in a deletion.
  var samples: [VoiceSample]
  var latents: Latents?

  enum Kind: String, Codable {
    case registered, deleted
  }

  func encoded() throws -> Data {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .millisecondsSince1970
    return try encoder.encode(self)
  }

  /// - Returns: nil when the message is not one this version understands or does not check out; it is skipped.
  static func decoded(_ body: Data) -> VoiceChange? {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .millisecondsSince1970
    guard let change = try? decoder.decode(VoiceChange.self, from: body), change.isPlausible else { return nil }
    return change
  }

  private var isPlausible: Bool {
    // Each replica decides for itself what `default` is.
    guard voice.voiceID != VoiceRegistry.defaultID, (1...64).contains(voice.voiceID.utf8.count) else { return false }
    switch kind {
    case .deleted: return voice.deletedAt != nil
    case .registered:
      return !samples.isEmpty && samples.allSatisfy { SHA256.hash(data: $0.audio).hexadecimal == $0.digest }
    }
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
