import Crypto
import Foundation
import SpeechCore

/// Answers a repeated request with the stored reply, without doing the work again; a repeat that comes while the first
/// still runs waits for it. Requests without a key pass through. Failures are not stored: a repeat tries again.
public struct IdempotentRequests: SpeechRequestHandler {
  private let base: any SpeechRequestHandler
  private let store: any ReplyStore
  private let turns = KeyedTurns()
  private let maximumStoredBytes: Int

  /// - Parameter maximumStoredBytes: audio of a streamed answer over this is not stored.
  public init(_ base: any SpeechRequestHandler, store: any ReplyStore, maximumStoredBytes: Int = 64 << 20) {
    self.base = base
    self.store = store
    self.maximumStoredBytes = maximumStoredBytes
  }

  public func synthesize(
    _ request: SynthesisRequest, context: RequestContext, onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply {
    try await once(.synthesize, context, fingerprint: Self.fingerprint(request)) { stored throws(SpeechError) in
      try await Self.replay(stored, to: onAudio)
    } work: { () throws(SpeechError) in
      guard let onAudio else {
        let reply = try await base.synthesize(request, context: context, onAudio: nil)
        return (reply, try Self.stored(reply, audio: reply.audio, chunks: []))
      }
      let recorder = ChunkRecorder(maximumBytes: maximumStoredBytes)
      let reply = try await base.synthesize(request, context: context) { chunk in
        try await onAudio(chunk)
        await recorder.append(chunk)
      }
      guard let recording = await recorder.recording else { return (reply, nil) }
      return (reply, try Self.stored(reply, audio: recording.audio, chunks: recording.byteCounts))
    }
  }

  public func registerVoice(
    _ request: VoiceRegistration, context: RequestContext
  ) async throws(SpeechError) -> VoiceSummary {
    try await once(.register, context, fingerprint: Self.fingerprint(request)) { stored throws(SpeechError) in
      try Self.decode(VoiceSummary.self, stored.reply)
    } work: { () throws(SpeechError) in
      let voice = try await base.registerVoice(request, context: context)
      return (voice, StoredReply(fingerprint: "", reply: try Self.encode(voice), audio: nil))
    }
  }

  public func deleteVoice(id: String, context: RequestContext) async throws(SpeechError) {
    _ = try await once(.delete, context, fingerprint: Self.digest([Data(id.utf8)])) { _ throws(SpeechError) in
      true
    } work: { () throws(SpeechError) in
      try await base.deleteVoice(id: id, context: context)
      return (true, StoredReply(fingerprint: "", reply: Data("{}".utf8), audio: nil))
    }
  }

  public func voices() async throws(SpeechError) -> [VoiceSummary] { try await base.voices() }
  public func configuration() async throws(SpeechError) -> ServiceConfiguration { try await base.configuration() }

  private enum Operation: String {
    case synthesize, register, delete
  }

  /// - Parameters:
  ///   - replay: turns a stored reply into an answer.
  ///   - work: does the request; its second value is kept, unless nil.
  private func once<Answer: Sendable>(
    _ operation: Operation, _ context: RequestContext, fingerprint: String,
    replay: (StoredReply) async throws(SpeechError) -> Answer,
    work: () async throws(SpeechError) -> (Answer, StoredReply?)
  ) async throws(SpeechError) -> Answer {
    guard let clientKey = context.idempotencyKey, !clientKey.isEmpty else { return try await work().0 }
    guard clientKey.utf8.count <= 255 else {
      throw SpeechError(.invalidRequest, "the idempotency key may have at most 255 bytes", field: "idempotency_key")
    }
    let key = "\(context.transport.rawValue)/\(operation.rawValue)/\(clientKey)"
    do { try await turns.enter(key) } catch { throw SpeechError(describing: error) }
    let result: Result<Answer, SpeechError>
    do throws(SpeechError) {
      result = .success(try await inTurn(key, fingerprint, replay, work))
    } catch {
      result = .failure(error)
    }
    await turns.leave(key)
    return try result.get()
  }

  private func inTurn<Answer: Sendable>(
    _ key: String, _ fingerprint: String, _ replay: (StoredReply) async throws(SpeechError) -> Answer,
    _ work: () async throws(SpeechError) -> (Answer, StoredReply?)
  ) async throws(SpeechError) -> Answer {
    if let stored = try await store.reply(key: key) {
      guard stored.fingerprint == fingerprint else {
        throw SpeechError(.invalidRequest, "the idempotency key was used for another request", field: "idempotency_key")
      }
      return try await replay(stored)
    }
    var (answer, stored) = try await work()
    stored?.fingerprint = fingerprint
    // The work is done and on record; a full disk here costs a repeat its shortcut, not this caller the answer.
    if let stored { try? await store.save(stored, key: key) }
    return answer
  }
}

/// Keeps what a streamed answer sent, within a bound.
private actor ChunkRecorder {
  private let maximumBytes: Int
  private(set) var recording: (audio: Data, byteCounts: [Int])? = (Data(), [])

  init(maximumBytes: Int) {
    self.maximumBytes = maximumBytes
  }

  func append(_ chunk: Data) {
    guard let current = recording, current.audio.count + chunk.count <= maximumBytes else {
      recording = nil
      return
    }
    recording?.audio.append(chunk)
    recording?.byteCounts.append(chunk.count)
  }
}
