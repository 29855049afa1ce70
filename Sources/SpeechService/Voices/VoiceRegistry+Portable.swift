import Foundation
import SpeechCore

/// Voices without recordings, and changes of voices with them.
extension VoiceRegistry {
  typealias Ending = (@Sendable (VoiceSummary) throws(SpeechError) -> JournalEntry)?

  /// Registers a voice from a file with its latents.
  func importVoice(
    _ file: Data, _ request: VoiceRegistration, id: String?, _ ending: Ending
  ) async throws(SpeechError) -> VoiceSummary {
    let voice = try VoiceFile(reading: file)
    try shape?.check(voice.conditioning, field: VoiceFile.field)
    var request = request
    request.displayName = request.displayName ?? voice.displayName
    request.language = request.language ?? voice.language
    let conditioning = voice.conditioning
    let latents = ModelConditioning(modelDigest: ModelConditioning.imported, conditioning: conditioning)
    let record = try await record(request, id: id, digest: latents.digest)
    var summary = record.summary
    summary.consent = nil
    summary.warnings = request.warnings.isEmpty ? nil : request.warnings
    try await store.insert(record, samples: [], conditioning: latents, isLocal: true, entry: try ending?(summary))
    cache.insert(conditioning, Self.key(record))
    onChange()
    return summary
  }

  /// Gives a voice other cloning settings, as its next version.
  func change(
    _ id: String, _ request: VoiceRegistration, _ ending: Ending
  ) async throws(SpeechError) -> VoiceSummary {
    guard id != Self.defaultID, var record = try await store.voice(id: id), record.deletedAt == nil else {
      throw SpeechError(.unknownSpeaker, "there is no registered voice of that id", field: "voice_id")
    }
    let samples = try await store.samples(voiceID: id)
    guard !samples.isEmpty else {
      throw SpeechError(
        .invalidRequest, "the voice was imported without a recording, so it has no cloning settings", field: "voice_id")
    }
    record.version += 1
    record.settings = request.settings.isEmpty ? nil : request.settings
    let recordings = samples.map { VoiceIntake.Recording(audio: $0.audio) }
    let memory = try await intake.memory(for: recordings, keeping: Self.longestSeconds)
    defer { memory.release() }
    var clips: [AudioClip] = []
    if synthesizer != nil { for sample in samples { clips.append(try intake.decoder.decode(sample.audio)) } }
    let latents = try await conditioning(of: clips, settings: request.settings)
    var summary = record.summary
    summary.consent = nil
    summary.warnings = request.warnings.isEmpty ? nil : request.warnings
    let isChanged = try await store.insert(
      record, samples: samples, conditioning: latents, isLocal: true, entry: try ending?(summary))
    guard isChanged else {
      throw SpeechError(.overloaded, "the voice was changed by another request; send the change again")
    }
    cache.remove(voiceID: id)
    if let latents { cache.insert(latents.conditioning, Self.key(record)) }
    onChange()
    return summary
  }

  /// No more of a recording than this is used for a voice.
  public static let longestSeconds = Double(CloningSettings.maximumReferenceSecondsRange.upperBound)
}

extension ModelConditioning {
  /// SHA-256 over the values, lower-case hex.
  var digest: String {
    SHA256.hash(data: conditioning.gptLatents.littleEndianBytes + conditioning.speakerEmbedding.littleEndianBytes)
      .hexadecimal
  }
}
