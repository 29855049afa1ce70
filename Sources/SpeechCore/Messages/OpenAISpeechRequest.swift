import Foundation

/// The body of `POST /v1/audio/speech` as clients of OpenAI's speech API write it, with this service's optional
/// fields in addition.
public struct OpenAISpeechRequest: Sendable, Equatable, Decodable {
  public var synthesis: SynthesisRequest
  /// `"stream_format": "sse"`: server-sent events instead of bare audio.
  public var isEventStream: Bool

  /// Names that stock clients send without being asked; they mean the default voice here.
  public static let stockVoices: Set<String> = [
    "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage", "shimmer", "verse",
  ]

  private static let knownFields: Set<String> = [
    "input", "voice", "model", "instructions", "response_format", "speed", "stream_format", "language", "seed",
    "user_id", "user", "text_normalization", "include",
  ]

  public static func decode(_ body: Data) throws(SpeechError) -> OpenAISpeechRequest {
    try StrictFields.decode(OpenAISpeechRequest.self, from: body)
  }

  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder)
    guard let input = try fields.value("input", String.self, expected: "a string") else {
      throw SpeechError(.invalidRequest, "input is missing", field: "input")
    }
    guard input.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
      throw SpeechError(.textEmpty, "input is empty", field: "input")
    }
    _ = try fields.value("model", String.self, expected: "a string")
    // XTTS takes no instructions; they are part of what clients send, so their presence is no mistake.
    _ = try fields.value("instructions", String.self, expected: "a string")
    synthesis = SynthesisRequest(text: input, voice: try Self.voice(fields))
    synthesis.language = try fields.language()
    synthesis.normalization = try fields.choice("text_normalization", NormalizationMode.self)
    synthesis.include = try fields.choices("include", ReplyPart.self)
    synthesis.format = try fields.choice("response_format", AudioFormat.self) ?? .mp3
    synthesis.speed = try fields.number("speed", Float.self, in: 0.5...2) ?? 1
    synthesis.seed = try fields.value("seed", UInt64.self, expected: "an unsigned 64-bit integer")
    let user = try fields.text("user", maximumCharacters: 128)
    synthesis.userID = try fields.text("user_id", maximumCharacters: 128) ?? user
    let streamFormat = try fields.value("stream_format", String.self, expected: "audio or sse") ?? "audio"
    guard ["audio", "sse"].contains(streamFormat) else {
      throw SpeechError(.invalidRequest, "stream_format must be audio or sse", field: "stream_format")
    }
    isEventStream = streamFormat == "sse"
    // A WAV or FLAC file cannot be cut into pieces that join to a correct one, so it is sent whole.
    synthesis.stream = ![.wav, .flac].contains(synthesis.format)
    synthesis.warnings = fields.warnings(known: Self.knownFields, include: synthesis.include)
  }

  private struct VoiceObject: Decodable {
    var id: String
  }

  private static func voice(_ fields: StrictFields) throws -> VoiceReference {
    let expected = "a voice's name or id"
    let name: String?
    do {
      name = try fields.value("voice", String.self, expected: expected)
    } catch {
      // Custom voices come as {"id": "…"}.
      name = try fields.value("voice", VoiceObject.self, expected: expected)?.id
    }
    guard let name, !stockVoices.contains(name) else { return .named("default") }
    return .named(name)
  }
}
