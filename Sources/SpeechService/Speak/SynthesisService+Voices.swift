import SpeechCore

extension SynthesisService: SpeechWork {
  public func voices() async throws(SpeechError) -> [VoiceSummary] {
    try await voiceCatalog.list()
  }

  public func registerVoice(
    _ request: VoiceRegistration, ending: @escaping @Sendable (VoiceSummary) throws(SpeechError) -> JournalEntry
  ) async throws(SpeechError) -> VoiceSummary {
    try await withTaskExecutorPreference(executor) { () async throws(SpeechError) in
      try await voiceCatalog.register(request, ending: ending)
    }
  }

  public func deleteVoice(id: String, entry: JournalEntry) async throws(SpeechError) {
    try await voiceCatalog.delete(id: id, entry: entry)
  }

  public func configuration() async throws(SpeechError) -> ServiceConfiguration {
    ServiceConfiguration(
      modelRepo: synthesizer.model.repo, modelDirectory: modelDirectory, languages: synthesizer.languages,
      voices: try await voiceCatalog.list())
  }
}
