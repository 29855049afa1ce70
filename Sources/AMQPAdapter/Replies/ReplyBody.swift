import Foundation
import SpeechCore

/// The JSON bodies that this service sends.
enum ReplyBody {
  static func encode(_ value: some Encodable) throws(SpeechError) -> Data {
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .withoutEscapingSlashes
      return try encoder.encode(value)
    } catch {
      throw SpeechError(.internal, "the reply can't be written as JSON")
    }
  }

  /// One piece of a streamed reply.
  struct Chunk: Codable, Sendable, Equatable {
    var sequence: Int
    var audio: Data

    private enum CodingKeys: String, CodingKey {
      case sequence
      case audio = "audio_base64"
    }
  }

  /// The last message of a stream: the fields of a whole reply or of an error, with the sequence number.
  struct Final<Body: Encodable>: Encodable {
    var sequence: Int
    var body: Body

    private enum CodingKeys: String, CodingKey { case sequence }

    func encode(to encoder: any Encoder) throws {
      try body.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(sequence, forKey: .sequence)
    }
  }

  /// A reply of the voice and configuration queues: `status`, `request_id` and the fields of the payload.
  struct Answer<Payload: Encodable>: Encodable {
    var requestID: String
    var payload: Payload
    var warnings: [String]?

    private enum CodingKeys: String, CodingKey {
      case status, warnings
      case requestID = "request_id"
    }

    func encode(to encoder: any Encoder) throws {
      try payload.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode("ok", forKey: .status)
      try container.encode(requestID, forKey: .requestID)
      try container.encodeIfPresent(warnings, forKey: .warnings)
    }
  }

  struct VoiceList: Encodable {
    var voices: [VoiceSummary]
  }

  struct DeletedVoice: Encodable {
    var voiceID: String
    private enum CodingKeys: String, CodingKey { case voiceID = "voice_id" }
  }
}
