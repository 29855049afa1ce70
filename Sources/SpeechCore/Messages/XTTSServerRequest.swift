import Foundation

/// A request as clients of xtts-api-server write it: the body of `POST /tts_to_audio/`, or the query of
/// `GET /tts_stream/` as JSON.
public enum XTTSServerRequest {
  /// Reads a message body. Throws as ``SynthesisRequest/decode(_:)`` does.
  /// - Parameter stream: whether audio is sent while it is made.
  public static func decode(_ body: Data, stream: Bool) throws(SpeechError) -> SynthesisRequest {
    let fields = try StrictFields(body: body)
    var synthesis = SynthesisRequest(
      text: try fields.spokenText("text"), voice: VoiceReference(recording: try fields.text("speaker_wav") ?? ""),
      stream: stream)
    try synthesis.setLanguage(fields)
    synthesis.warnings =
      try fields.warnings(known: ["text", "speaker_wav", "language"]) + synthesis.script().warnings
    return synthesis
  }
}

extension VoiceReference {
  /// The voice that a recording is named after: `ada`, `ada.wav` or `speakers/ada.wav`.
  init(recording path: String) {
    let name = path.split(whereSeparator: { "/\\".contains($0) }).last ?? ""
    self.init(name: String(name.lowercased().hasSuffix(".wav") ? name.dropLast(4) : name))
  }
}
