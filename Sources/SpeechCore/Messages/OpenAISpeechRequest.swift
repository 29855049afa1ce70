import Foundation

/// The body of `POST /v1/audio/speech` as clients of OpenAI's speech API write it, with this service's optional
/// fields in addition.
public struct OpenAISpeechRequest: RequestMessage, Equatable {
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
    "user_id", "user", "text_normalization", "include", "pause_sentence_seconds", "pause_paragraph_seconds", "lexicon",
    "drop_final_period", "sample_rate", "channels", "bitrate", "loudness",
  ]

  /// Reads a message body. Throws as ``SynthesisRequest/decode(_:)`` does.
  public static func decode(_ body: Data) throws(SpeechError) -> OpenAISpeechRequest {
    try RequestBody<OpenAISpeechRequest>(body).message.get()
  }

  public init(_ fields: StrictFields<SpeechError>) throws(SpeechError) {
    let input = try fields.spokenText("input")
    _ = try fields.text("model")
    let instructions = try fields.text("instructions")
    synthesis = SynthesisRequest(text: input, voice: try Self.voice(fields), format: .mp3)
    try synthesis.setReading(fields)
    synthesis.include = try fields.choices("include")
    if let format: AudioFormat = try fields.choice("response_format") { synthesis.format = format }
    synthesis.speed = try fields.speed()
    synthesis.seed = try fields.seed()
    let user = try fields.userID("user")
    synthesis.userID = try fields.userID() ?? user
    let streamFormat: StreamFormat? = try fields.choice("stream_format")
    isEventStream = streamFormat == .sse
    let notes = try fields.readOutput(into: &synthesis)
    // Loudness is measured over the whole audio.
    synthesis.stream = synthesis.loudness == nil
    synthesis.warnings = fields.warnings(known: Self.knownFields, include: synthesis.include) + notes
    synthesis.warnings += try synthesis.script().warnings
    if instructions != nil { synthesis.warnings.append("instructions ignored: this model takes none") }
  }

  private enum StreamFormat: String, CaseIterable {
    case audio, sse
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
    return VoiceReference(name: name)
  }
}
