import SpeechCore

extension SynthesisService: SpeechRequestHandler {
  public func voices() async throws(SpeechError) -> [VoiceSummary] {
    try await voiceCatalog.list()
  }

  public func registerVoice(
    _ request: VoiceRegistration, context: RequestContext
  ) async throws(SpeechError) -> VoiceSummary {
    var record = AuditRecord(
      action: .registerVoice, requestID: context.requestID, transport: context.transport.rawValue,
      receivedAt: context.receivedAt)
    record.userID = request.userID
    record.correlationID = context.correlationID
    do {
      let voice = try await voiceCatalog.register(request)
      record.voiceID = voice.voiceID
      record.language = voice.language
      try await auditLog?.append(record)
      return voice
    } catch {
      record.setOutcome(error)
      try? await auditLog?.append(record)
      throw error
    }
  }

  public func deleteVoice(id: String, context: RequestContext) async throws(SpeechError) {
    var record = AuditRecord(
      action: .deleteVoice, requestID: context.requestID, transport: context.transport.rawValue,
      receivedAt: context.receivedAt)
    record.correlationID = context.correlationID
    record.voiceID = String(id.prefix(64))
    do {
      try await voiceCatalog.delete(id: id)
      try await auditLog?.append(record)
    } catch {
      record.setOutcome(error)
      try? await auditLog?.append(record)
      throw error
    }
  }

  public func configuration() async throws(SpeechError) -> ServiceConfiguration {
    ServiceConfiguration(
      modelRepo: synthesizer.model.repo, modelDirectory: modelDirectory, languages: synthesizer.languages,
      voices: try await voiceCatalog.list())
  }
}
