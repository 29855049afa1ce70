import Foundation

/// The body of `POST /v1/audio/speech` as clients of OpenAI's speech API write it, with this service's optional
/// fields in addition.
public struct OpenAISpeechRequest: Sendable, Equatable {
  /// The request in the service's own form.
  public var synthesis: SynthesisRequest
  /// `"stream_format": "sse"`: server-sent events instead of bare audio.
  public var isEventStream: Bool

  /// Names that stock clients send without being asked; they mean the default voice here.
  private static let stockVoices: Set<String> = [
    "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage", "shimmer", "verse",
  ]

  private static let knownFields: Set<String> = [
    "input", "voice", "model", "instructions", "response_format", "speed", "stream_format", "language", "seed",
    "user_id", "user", "text_normalization", "include",
  ]

  /// Reads a message body. Throws as ``SynthesisRequest/decode(_:)`` does.
  public static func decode(_ body: Data) throws(SpeechError) -> OpenAISpeechRequest {
    try OpenAISpeechRequest(StrictFields(body: body))
  }

  private init(_ fields: StrictFields<SpeechError>) throws(SpeechError) {
    let input = try fields.spokenText("input")
    _ = try fields.text("model")
    // XTTS takes no instructions; they are part of what clients send, so their presence is no mistake.
    _ = try fields.text("instructions")
    synthesis = SynthesisRequest(text: input, voice: try Self.voice(fields), format: .mp3)
    synthesis.language = try fields.language()
    synthesis.normalization = try fields.choice("text_normalization")
    synthesis.include = try fields.choices("include")
    if let format: AudioFormat = try fields.choice("response_format") { synthesis.format = format }
    synthesis.speed = try fields.speed()
    synthesis.seed = try fields.seed()
    let user = try fields.text("user", atMost: 128)
    synthesis.userID = try fields.userID() ?? user
    let streamFormat = try fields.value("stream_format", "audio or sse", as: String.self) ?? "audio"
    guard ["audio", "sse"].contains(streamFormat) else { throw fields.error("stream_format", "must be audio or sse") }
    isEventStream = streamFormat == "sse"
    // A WAV or FLAC file cannot be cut into pieces that join to a correct one, so it is sent whole.
    synthesis.stream = ![.wav, .flac].contains(synthesis.format)
    synthesis.warnings = fields.warnings(known: Self.knownFields, include: synthesis.include)
  }

  private struct VoiceObject: Decodable {
    var id: String
  }

  private static func voice(_ fields: StrictFields<SpeechError>) throws(SpeechError) -> VoiceReference {
    let expected = "a voice's name or id"
    let name: String?
    do throws(SpeechError) {
      name = try fields.value("voice", expected, as: String.self)
    } catch {
      // Custom voices come as {"id": "…"}.
      name = try fields.value("voice", expected, as: VoiceObject.self)?.id
    }
    guard let name, !stockVoices.contains(name.trimmingCharacters(in: .whitespaces).lowercased()) else {
      return .named("default")
    }
    return .named(name)
  }
}
