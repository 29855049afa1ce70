import Foundation
import SpeechAudio
import SpeechCore

/// From a voice to its latents.
extension VoiceRegistry {
  /// The file of `XTTS_DEFAULT_VOICE`, else the checkpoint's first speaker, else the oldest registered voice.
  func resolveDefault() async throws(SpeechError) -> ResolvedVoice {
    if let defaultRecord { return try await resolved(defaultRecord) }
    if let first = synthesizer?.builtInVoices.first { return resolved(first) }
    if let oldest = try await store.voices().first(where: { $0.voiceID != Self.defaultID }) {
      return try await resolved(oldest)
    }
    throw SpeechError(
      .unknownSpeaker, "this model has no built-in speaker: set XTTS_DEFAULT_VOICE or register a voice",
      field: "speaker_id")
  }

  func resolved(_ voice: BuiltInVoice) -> ResolvedVoice {
    onResolve(.builtIn)
    return ResolvedVoice(id: voice.name, version: 1, conditioning: voice.conditioning)
  }

  func resolved(_ record: VoiceRecord) async throws(SpeechError) -> ResolvedVoice {
    let (store, intake) = (store, intake)
    let conditioning = try await cached(Self.key(record)) { synthesizer, report in
      let (id, version, model) = (record.voiceID, record.version, synthesizer.model.sha256)
      if let known = try await store.conditioning(voiceID: id, version: version, modelDigest: model) {
        report(.database)
        return known
      }
      if let imported = try await store.conditioning(
        voiceID: id, version: version, modelDigest: ModelConditioning.imported)
      {
        try synthesizer.voiceShape?.check(imported, field: "speaker_id")
        report(.database)
        return imported
      }
      let recordings = try await store.samples(voiceID: id).map { VoiceIntake.Recording(audio: $0.audio) }
      let memory = try await intake.memory(for: recordings, keeping: Self.longestSeconds)
      defer { memory.release() }
      let clips = try recordings.map { try intake.decoder.decode($0.audio) }
      guard !clips.isEmpty else { throw SpeechError(.unknownSpeaker, "the voice was deleted", field: "speaker_id") }
      report(.computed)
      let computed = try await synthesizer.conditioning(from: clips, settings: record.settings ?? CloningSettings())
      try await store.saveConditioning(
        ModelConditioning(modelDigest: model, conditioning: computed), voiceID: id, version: version)
      return computed
    }
    return ResolvedVoice(id: record.voiceID, version: record.version, conditioning: conditioning)
  }

  func resolved(_ recording: VoiceIntake.Recording) async throws(SpeechError) -> ResolvedVoice {
    let digest = SHA256.hash(data: recording.audio).hexadecimal
    let intake = intake
    let id = "inline:\(digest)"
    // Each caller waits for memory itself: the task that they share can't be cancelled by one of them.
    let memory = cache.value(id) == nil ? try await intake.memory(for: [recording]) : nil
    defer { memory?.release() }
    let conditioning = try await cached(id) { synthesizer, report in
      let clip = try await intake.clip(recording).clip
      report(.computed)
      return try await synthesizer.conditioning(from: [clip])
    }
    return ResolvedVoice(id: id, version: 1, conditioning: conditioning)
  }

  /// Latents for a registration; nil without a model.
  func conditioning(
    of clips: [AudioClip], settings: CloningSettings
  ) async throws(SpeechError) -> ModelConditioning? {
    guard let synthesizer else { return nil }
    onResolve(.computed)
    do {
      let conditioning = try await synthesizer.conditioning(from: clips, settings: settings)
      return ModelConditioning(modelDigest: synthesizer.model.sha256, conditioning: conditioning)
    } catch {
      throw SpeechError(describing: error)
    }
  }

  /// Two replicas may give one version other settings for a moment.
  static func key(_ record: VoiceRecord) -> ConditioningCache.Key {
    (["\(record.voiceID)/\(record.version)"] + (record.settings?.parts ?? [])).joined(separator: " ")
  }

  private func cached(
    _ key: ConditioningCache.Key,
    compute:
      @escaping @Sendable (
        any SpeechSynthesizer, @Sendable (ConditioningSource) -> Void
      ) async throws -> VoiceConditioning
  ) async throws(SpeechError) -> VoiceConditioning {
    guard let synthesizer else { throw SpeechError(.modelUnavailable, "no model is loaded") }
    if let known = cache.value(key) {
      onResolve(.memory)
      return known
    }
    do {
      if let task = cache.underWay[key] {
        let shared = try await task.value
        onResolve(.memory)
        try Task.checkCancellation()
        return shared
      }
      // A separate task: cancelling the first request must not fail the others that wait for the same latents.
      let task = Task { [onResolve] in try await compute(synthesizer, onResolve) }
      cache.begin(key, task)
      defer { cache.end(key) }
      let computed = try await task.value
      cache.insert(computed, key)
      try Task.checkCancellation()
      return computed
    } catch {
      throw SpeechError(describing: error)
    }
  }
}
