import Foundation
import SpeechCore
import Synchronization

/// Passes requests to one handler, later to another: so the web adapter can be up before the model is.
final class HandlerGate: SpeechRequestHandler {
  private let handler: Mutex<any SpeechRequestHandler>

  /// - Parameter handler: answers until the gate is opened.
  init(_ handler: any SpeechRequestHandler) {
    self.handler = Mutex(handler)
  }

  func open(_ handler: any SpeechRequestHandler) {
    self.handler.withLock { $0 = handler }
  }

  private var current: any SpeechRequestHandler { handler.withLock { $0 } }

  func synthesize(
    _ request: SynthesisRequest, context: RequestContext, onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply {
    try await current.synthesize(request, context: context, onAudio: onAudio)
  }

  func voices() async throws(SpeechError) -> [VoiceSummary] {
    try await current.voices()
  }

  func registerVoice(
    _ request: VoiceRegistration, context: RequestContext
  ) async throws(SpeechError) -> VoiceSummary {
    try await current.registerVoice(request, context: context)
  }

  func deleteVoice(id: String, context: RequestContext) async throws(SpeechError) {
    try await current.deleteVoice(id: id, context: context)
  }

  func configuration() async throws(SpeechError) -> ServiceConfiguration {
    try await current.configuration()
  }

  func recordRefusal(
    _ error: SpeechError, of action: AuditRecord.Action, context: RequestContext
  ) async throws(SpeechError) {
    try await current.recordRefusal(error, of: action, context: context)
  }
}
