import Foundation
import SpeechAudio
import SpeechCore
import SpeechService

/// Voices of a command: the checkpoint's speakers, the configured default, audio sent along, and registered voices.
struct EngineVoices: VoiceCatalog {
  let synthesizer: any SpeechSynthesizer
  /// File of the `default` voice; nil takes the checkpoint's first speaker.
  let defaultVoicePath: String?
  let decoder: AudioDecoder
  /// Nil without a database.
  let registered: VoiceRegistry?

  func resolve(_ reference: VoiceReference) async throws(SpeechError) -> ResolvedVoice {
    switch reference {
    case .named("default"):
      if let defaultVoicePath { return try await voice("default", files: [defaultVoicePath]) }
      guard let first = synthesizer.builtInVoices.first else {
        throw SpeechError(
          .unknownSpeaker, "the model has no built-in speaker: give reference audio or set XTTS_DEFAULT_VOICE",
          field: "speaker_id")
      }
      return ResolvedVoice(id: first.name, version: 1, conditioning: first.conditioning)
    case .named(let name):
      guard let voice = synthesizer.builtInVoices.first(where: { $0.name.lowercased() == name.lowercased() }) else {
        if let mixed = try await mix(name) { return mixed }
        if let registered { return try await registered.resolve(reference) }
        throw SpeechError(
          .unknownSpeaker, "the model has no speaker \(name.prefix(64)), and --database names no registered voices",
          field: "speaker_id")
      }
      return ResolvedVoice(id: voice.name, version: 1, conditioning: voice.conditioning)
    case .inline(let audio):
      return try await voice("inline", clips: [decode(audio, field: "speaker_wav_base64")])
    case .url:
      throw SpeechError(.downloadForbidden, "a URL needs the service", field: "speaker_wav_url")
    }
  }

  /// A voice from reference files, averaged as upstream does.
  func voice(_ id: String, files: [String]) async throws(SpeechError) -> ResolvedVoice {
    var clips: [AudioClip] = []
    for path in files {
      guard let data = FileManager.default.contents(atPath: path) else {
        throw SpeechError(.invalidAudio, "can't read \(path)")
      }
      clips.append(try decode(data, field: path))
    }
    return try await voice(id, clips: clips)
  }

  /// No more of a recording is decoded than a voice can use.
  private func decode(_ audio: Data, field: String) throws(SpeechError) -> AudioClip {
    try decoder.decode(audio, field: field, keeping: VoiceRegistry.longestSeconds)
  }

  private func voice(_ id: String, clips: [AudioClip]) async throws(SpeechError) -> ResolvedVoice {
    do {
      return ResolvedVoice(id: id, version: 1, conditioning: try await synthesizer.conditioning(from: clips))
    } catch let error as SpeechError {
      throw error
    } catch {
      throw SpeechError(.internal, "conditioning failed (\(type(of: error)))")
    }
  }

  func list() async throws(SpeechError) -> [VoiceSummary] {
    if let registered { return try await registered.list() }
    return synthesizer.builtInVoices.map { VoiceSummary(voiceID: $0.name, displayName: $0.name, language: .english) }
  }

  func register(
    _ request: VoiceRegistration, id: String?, ending: (@Sendable (VoiceSummary) throws(SpeechError) -> JournalEntry)?
  ) async throws(SpeechError) -> VoiceSummary { throw Self.needsRegistry }

  func delete(id: String, removesAudio: Bool, entry: JournalEntry?) async throws(SpeechError) {
    throw Self.needsRegistry
  }

  fileprivate static let needsRegistry = SpeechError(.invalidRequest, "voices are registered with the service")
}

/// The voice of a request, found before, and the voices that its text names.
struct FixedVoice: VoiceCatalog {
  let voice: ResolvedVoice
  let reference: VoiceReference
  let others: EngineVoices

  func resolve(_ reference: VoiceReference) async throws(SpeechError) -> ResolvedVoice {
    reference == self.reference ? voice : try await others.resolve(reference)
  }

  func list() async throws(SpeechError) -> [VoiceSummary] { [] }

  func register(
    _ request: VoiceRegistration, id: String?, ending: (@Sendable (VoiceSummary) throws(SpeechError) -> JournalEntry)?
  ) async throws(SpeechError) -> VoiceSummary { throw EngineVoices.needsRegistry }

  func delete(id: String, removesAudio: Bool, entry: JournalEntry?) async throws(SpeechError) {
    throw EngineVoices.needsRegistry
  }
}
