/// A voice a request named, ready for synthesis.
public struct ResolvedVoice: Sendable, Equatable {
  /// The registered id, the built-in speaker's name, `default`, `inline:` and the audio's digest, or a mix of ids.
  public var id: String
  /// 1, and more after a change of the reference audio.
  public var version: Int
  /// The voice as the model's input.
  public var conditioning: VoiceConditioning
  /// The voices of a mix with their versions and shares, such as `ada/2:0.7`; empty for a single voice.
  public var parts: [String] = []

  public init(id: String, version: Int, conditioning: VoiceConditioning) {
    self.id = id
    self.version = version
    self.conditioning = conditioning
  }
}

/// Finds, registers and deletes voices. `SpeechService` implements it as `VoiceRegistry`.
public protocol VoiceCatalog: Sendable {
  /// - Throws: `unknown_speaker`, `invalid_audio`, `audio_too_short`, `audio_too_large`, `download_failed`,
  ///   `download_forbidden`, `model_unavailable`, `cancelled` or `internal`.
  func resolve(_ reference: VoiceReference) async throws(SpeechError) -> ResolvedVoice
  /// `default`, then registered voices, then the checkpoint's speakers.
  func list() async throws(SpeechError) -> [VoiceSummary]
  /// - Parameters:
  ///   - id: the voice's id, unless a voice has or had it; nil for a random one.
  ///   - ending: makes the journal's entry, which is committed together with the voice; nil leaves none.
  func register(
    _ request: VoiceRegistration, id: String?, ending: (@Sendable (VoiceSummary) throws(SpeechError) -> JournalEntry)?
  ) async throws(SpeechError) -> VoiceSummary
  /// - Parameters:
  ///   - removesAudio: also removes stored clips and replies in this voice.
  ///   - entry: committed together with the deletion.
  /// - Throws: `unknown_speaker`; `invalid_request` for `default` and built-in speakers.
  func delete(id: String, removesAudio: Bool, entry: JournalEntry?) async throws(SpeechError)
}
