import Foundation
import SpeechCore
import Synchronization

/// Passes requests to a handler that can be replaced, so that the HTTP adapter listens before the model is loaded, and
/// counts the running ones.
final class SwitchableHandler: SpeechRequestHandler {
  private struct State {
    var handler: any SpeechRequestHandler
    var runningCount = 0
  }

  private let state: Mutex<State>

  init(_ handler: any SpeechRequestHandler) {
    state = Mutex(State(handler: handler))
  }

  /// New requests go to `handler`; running ones stay with theirs.
  func use(_ handler: any SpeechRequestHandler) {
    state.withLock { $0.handler = handler }
  }

  /// Waits until no request runs, at most until `deadline`.
  func waitUntilIdle(until deadline: ContinuousClock.Instant) async {
    while state.withLock(\.runningCount) > 0, .now < deadline { try? await Task.sleep(for: .milliseconds(20)) }
  }

  private func run<Reply: Sendable>(
    _ request: (any SpeechRequestHandler) async throws(SpeechError) -> Reply
  ) async throws(SpeechError) -> Reply {
    let handler = state.withLock { state in
      state.runningCount += 1
      return state.handler
    }
    defer { state.withLock { $0.runningCount -= 1 } }
    return try await request(handler)
  }

  func synthesize(
    _ request: SynthesisRequest, context: RequestContext, onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply {
    try await run { handler throws(SpeechError) in
      try await handler.synthesize(request, context: context, onAudio: onAudio)
    }
  }

  func voices() async throws(SpeechError) -> [VoiceSummary] {
    try await run { handler throws(SpeechError) in try await handler.voices() }
  }

  func registerVoice(
    _ request: VoiceRegistration, context: RequestContext
  ) async throws(SpeechError) -> VoiceSummary {
    try await run { handler throws(SpeechError) in try await handler.registerVoice(request, context: context) }
  }

  func deleteVoice(id: String, context: RequestContext) async throws(SpeechError) {
    try await run { handler throws(SpeechError) in try await handler.deleteVoice(id: id, context: context) }
  }

  func configuration() async throws(SpeechError) -> ServiceConfiguration {
    try await run { handler throws(SpeechError) in try await handler.configuration() }
  }

  func recordRefusal(
    _ error: SpeechError, of action: AuditRecord.Action, context: RequestContext
  ) async throws(SpeechError) {
    try await run { handler throws(SpeechError) in
      try await handler.recordRefusal(error, of: action, context: context)
    }
  }
}

/// Answers every request with one error, and records nothing.
struct RefusingHandler: SpeechRequestHandler {
  let error: SpeechError

  func synthesize(
    _ request: SynthesisRequest, context: RequestContext, onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply { throw error }

  func registerVoice(
    _ request: VoiceRegistration, context: RequestContext
  ) async throws(SpeechError) -> VoiceSummary { throw error }

  func deleteVoice(id: String, context: RequestContext) async throws(SpeechError) { throw error }
  func voices() async throws(SpeechError) -> [VoiceSummary] { throw error }
  func configuration() async throws(SpeechError) -> ServiceConfiguration { throw error }

  func recordRefusal(
    _ error: SpeechError, of action: AuditRecord.Action, context: RequestContext
  ) async throws(SpeechError) {}
}
