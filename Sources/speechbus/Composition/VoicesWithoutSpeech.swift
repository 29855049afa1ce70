import Foundation
import SpeechCore
import SpeechService

/// The registry alone, for commands that load no model.
struct VoicesWithoutSpeech: SpeechWork {
  let registry: VoiceRegistry

  func registerVoice(
    _ request: VoiceRegistration, ending: @escaping @Sendable (VoiceSummary) throws(SpeechError) -> JournalEntry
  ) async throws(SpeechError) -> VoiceSummary { try await registry.register(request, ending: ending) }

  func deleteVoice(id: String, entry: JournalEntry) async throws(SpeechError) {
    try await registry.delete(id: id, entry: entry)
  }

  func voices() async throws(SpeechError) -> [VoiceSummary] { try await registry.list() }

  func synthesize(
    _ request: SynthesisRequest, context: RequestContext, record: inout AuditRecord,
    onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply { throw Self.noModel }

  func configuration() async throws(SpeechError) -> ServiceConfiguration { throw Self.noModel }

  private static let noModel = SpeechError(.modelUnavailable, "no model is loaded")
}
