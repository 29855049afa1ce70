import Foundation
import SpeechCore

/// The JSON bodies that this service sends.
enum ReplyBody {
  /// A reply, in the envelope of its request.
  /// - Parameter isLast: false for the pieces of a stream.
  static func encode(
    _ value: some Encodable, for request: SpeechRequest, isLast: Bool = true
  ) throws(SpeechError) -> Data {
    guard let envelope = request.envelope else { return try WireJSON.encode(value) }
    return try WireJSON.encode(envelope.packet(value, isLast: isLast))
  }

  /// An error reply, in the envelope of its request. On the bus the idempotency key is the property `message_id`.
  /// - Parameter sequence: the number of the message in a streamed reply.
  static func encode(
    _ error: SpeechError, for request: SpeechRequest, sequence: Int? = nil
  ) throws(SpeechError) -> Data {
    var error = error
    if error.field == "idempotency_key" {
      error.field = "message_id"
      error.message = error.message.replacing("the idempotency key", with: "the message_id")
    }
    if let envelope = request.envelope { return try WireJSON.encode(envelope.packet(error, isError: true)) }
    let reply = ErrorReply(requestID: request.context.requestID, error: error)
    guard let sequence else { return try WireJSON.encode(reply) }
    return try WireJSON.encode(Final(sequence: sequence, body: reply))
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
    /// The file of an exported voice.
    var latents: Data?

    private enum CodingKeys: String, CodingKey {
      case voices
      case latents = "latents_base64"
    }
  }

  struct DeletedVoice: Encodable {
    var voiceID: String
    private enum CodingKeys: String, CodingKey { case voiceID = "voice_id" }
  }
}
