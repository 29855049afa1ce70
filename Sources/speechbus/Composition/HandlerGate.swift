import Foundation
import SpeechCore
import Synchronization

/// Answers `model_unavailable` until the service behind it is ready, so that the web adapter can be up before the model.
final class HandlerGate: SpeechRequestHandler {
  private let handler = Mutex<(any SpeechRequestHandler)?>(nil)

  func open(_ handler: any SpeechRequestHandler) {
    self.handler.withLock { $0 = handler }
  }

  private func opened() throws(SpeechError) -> any SpeechRequestHandler {
    guard let handler = handler.withLock({ $0 }) else {
      throw SpeechError(.modelUnavailable, "the model is still loading; try again soon")
    }
    return handler
  }

  func synthesize(
    _ request: SynthesisRequest, context: RequestContext, onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply {
    try await opened().synthesize(request, context: context, onAudio: onAudio)
  }

  func voices() async throws(SpeechError) -> [VoiceSummary] {
    try await opened().voices()
  }

  func registerVoice(
    _ request: VoiceRegistration, context: RequestContext
  ) async throws(SpeechError) -> VoiceSummary {
    try await opened().registerVoice(request, context: context)
  }

  func deleteVoice(id: String, context: RequestContext) async throws(SpeechError) {
    try await opened().deleteVoice(id: id, context: context)
  }

  func configuration() async throws(SpeechError) -> ServiceConfiguration {
    try await opened().configuration()
  }
}
