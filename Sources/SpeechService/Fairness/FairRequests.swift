import Foundation
import SpeechCore
import Synchronization

/// Holds each user to its limits before the work begins: over the running limit a request waits, over the waiting limit it
/// is refused as `overloaded`. Requests that name no user pass through.
public struct FairRequests: SpeechRequestHandler {
  private final class Desk: Sendable {
    struct State {
      var turns: UserTurns<CheckedContinuation<Bool, Never>>
      var nextOrder: UInt64 = 0
    }

    let state: Mutex<State>

    init(limits: UserLimits) {
      state = Mutex(State(turns: UserTurns(limits: limits)))
    }
  }

  private let base: any SpeechRequestHandler
  private let desk: Desk
  private let onRefusal: @Sendable (RequestContext) -> Void

  /// - Parameter onRefusal: told of each request that is refused.
  public init(
    _ base: any SpeechRequestHandler, limits: UserLimits,
    onRefusal: @escaping @Sendable (RequestContext) -> Void = { _ in }
  ) {
    self.base = base
    desk = Desk(limits: limits)
    self.onRefusal = onRefusal
  }

  public func synthesize(
    _ request: SynthesisRequest, context: RequestContext, onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply {
    guard let user = request.userID, !user.isEmpty else {
      return try await base.synthesize(request, context: context, onAudio: onAudio)
    }
    guard await takeTurn(user) else {
      if Task.isCancelled { throw SpeechError(.cancelled, "the request was cancelled") }
      onRefusal(context)
      let error = SpeechError(
        .overloaded, "too many requests of this user wait already; try again later", field: "user_id")
      try await base.recordRefusal(error, of: .synthesize, context: context)
      throw error
    }
    defer { desk.state.withLock { $0.turns.leave(user) }?.resume(returning: true) }
    return try await base.synthesize(request, context: context, onAudio: onAudio)
  }

  /// Returns at the user's turn: whether the request may run.
  private func takeTurn(_ user: String) async -> Bool {
    let order = desk.state.withLock { state in
      state.nextOrder += 1
      return state.nextOrder
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer = desk.state.withLock { state -> Bool? in
          // Cancelled before it entered: the handler below found nothing to end.
          guard !Task.isCancelled else { return false }
          return switch state.turns.enter(user, order: order, token: continuation) {
          case .runs: true
          case .refused: false
          case .waits: nil
          }
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      desk.state.withLock { $0.turns.giveUp(user, order: order) }?.resume(returning: false)
    }
  }

  public func voices() async throws(SpeechError) -> [VoiceSummary] { try await base.voices() }
  public func configuration() async throws(SpeechError) -> ServiceConfiguration { try await base.configuration() }

  public func registerVoice(
    _ request: VoiceRegistration, context: RequestContext
  ) async throws(SpeechError) -> VoiceSummary {
    try await base.registerVoice(request, context: context)
  }

  public func recordRefusal(
    _ error: SpeechError, of action: AuditRecord.Action, context: RequestContext
  ) async throws(SpeechError) {
    try await base.recordRefusal(error, of: action, context: context)
  }

  public func deleteVoice(id: String, context: RequestContext) async throws(SpeechError) {
    try await base.deleteVoice(id: id, context: context)
  }
}
