import Foundation
import SpeechCore
import Synchronization

/// The service's use cases, for every transport: ``synthesize(_:context:onAudio:)`` is the way of a request.
///
/// The audit row of a request, its stored reply and, for a registration, the voice are committed in one transaction
/// before the answer is given: after a crash a request is either done and recorded, or it is executed again. Failures
/// are not stored, so a repeat tries again.
public final class RequestHandler: SpeechRequestHandler {
  /// The service's state for new requests. Running requests keep the state of their start.
  public enum Readiness: Sendable {
    /// Requests are refused and not recorded, because there is no database yet or the service stops.
    case closed(SpeechError)
    /// Requests are recorded. They fail with the error until the model is loaded.
    case open(any RequestJournal, Result<SynthesisService, SpeechError>)
  }

  private struct State {
    var readiness: Readiness
    var runningCount = 0
  }

  private let state: Mutex<State>
  private let auditText: AuditTextPolicy
  private let maximumStoredBytes: Int
  private let onEnd: @Sendable (RequestContext, Result<SynthesisReply, SpeechError>) -> Void
  private let turns = KeyedTurns()

  /// - Parameters:
  ///   - maximumStoredBytes: audio of a streamed reply over this is not stored.
  ///   - onEnd: called at the end of each synthesis request, for metrics, also of those that are refused and not recorded.
  public init(
    _ readiness: Readiness, auditText: AuditTextPolicy = .hash, maximumStoredBytes: Int = 64 << 20,
    onEnd: @escaping @Sendable (RequestContext, Result<SynthesisReply, SpeechError>) -> Void = { _, _ in }
  ) {
    state = Mutex(State(readiness: readiness))
    self.auditText = auditText
    self.maximumStoredBytes = maximumStoredBytes
    self.onEnd = onEnd
  }

  // MARK: Readiness

  /// Changes the state for new requests.
  public func use(_ readiness: Readiness) { state.withLock { $0.readiness = readiness } }

  /// Waits until no request runs, at most until `deadline`.
  public func waitUntilIdle(until deadline: ContinuousClock.Instant) async {
    while state.withLock(\.runningCount) > 0, .now < deadline { try? await Task.sleep(for: .milliseconds(20)) }
  }

  /// Runs `body` with the journal and the service; the service is an error until the model is loaded.
  func run<Answer: Sendable>(
    _ body: (any RequestJournal, Result<SynthesisService, SpeechError>) async throws(SpeechError) -> Answer
  ) async throws(SpeechError) -> Answer {
    let readiness = state.withLock { state in
      state.runningCount += 1
      return state.readiness
    }
    defer { state.withLock { $0.runningCount -= 1 } }
    switch readiness {
    case .closed(let error): throw error
    case .open(let journal, let service): return try await body(journal, service)
    }
  }

  // MARK: Speech

  public func synthesize(
    _ request: SynthesisRequest, context: RequestContext, onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply {
    let result: Result<SynthesisReply, SpeechError>
    do throws(SpeechError) {
      result = .success(
        try await run { journal, service throws(SpeechError) in
          try await speak(request, context, onAudio, journal, service)
        })
    } catch {
      result = .failure(error)
    }
    onEnd(context, result)
    return try result.get()
  }

  private func speak(
    _ request: SynthesisRequest, _ context: RequestContext, _ onAudio: (@Sendable (Data) async throws -> Void)?,
    _ journal: any RequestJournal, _ service: Result<SynthesisService, SpeechError>
  ) async throws(SpeechError) -> SynthesisReply {
    let record = AuditRecord(request, context: context, text: auditText)
    return try await once(record, context, journal) { () throws(SpeechError) in
      try ReplyKey.fingerprint(request)
    } _: { record, key, stored throws(SpeechError) in
      if let stored {
        let reply = try await stored.replay(to: onAudio)
        record.setReplay(reply)
        try await journal.commit(JournalEntry(record: record))
        return reply
      }
      let recorder = key == nil ? nil : onAudio.map { StreamRecorder(maximumBytes: maximumStoredBytes, send: $0) }
      let reply = try await service.get().synthesize(
        request, context: context, record: &record, onAudio: recorder?.onAudio ?? onAudio)
      record.setOutcome(reply)
      try await journal.commit(JournalEntry(record: record, reply: await key?.holding(reply, recorder)))
      return reply
    }
  }

  /// Gives a request its one audit row. A repeat of a running request waits for its end.
  /// - Parameters:
  ///   - fingerprint: identifies the request that a key belongs to.
  ///   - body: answers from the stored reply, or does the work; commits the row either way. If it fails, the failure is
  ///     committed here.
  func once<Answer: Sendable>(
    _ draft: AuditRecord, _ context: RequestContext, _ journal: any RequestJournal,
    fingerprint: () throws(SpeechError) -> String,
    _ body: (inout AuditRecord, ReplyKey?, StoredReply?) async throws(SpeechError) -> Answer
  ) async throws(SpeechError) -> Answer {
    var record = draft
    do throws(SpeechError) {
      guard let key = try ReplyKey(draft, context, fingerprint) else { return try await body(&record, nil, nil) }
      try await turns.enter(key.name)
      defer { turns.leave(key.name) }
      let claim = try await journal.claim(key.name)
      defer { claim.release() }
      return try await body(&record, key, try await key.storedReply(in: journal))
    } catch {
      record.setOutcome(error)
      // A request without its row has not ended: its sender gets this error, and the broker redelivers the request.
      try await journal.commit(JournalEntry(record: record))
      throw error
    }
  }

  // MARK: Voices

  public func registerVoice(
    _ request: VoiceRegistration, context: RequestContext
  ) async throws(SpeechError) -> VoiceSummary {
    let record = AuditRecord(request, context: context, text: auditText)
    return try await run { journal, service throws(SpeechError) in
      try await once(record, context, journal) {
        ReplyKey.fingerprint(request)
      } _: {
        record, key, stored throws(SpeechError) in
        if let stored {
          let voice = try stored.decoded(VoiceSummary.self)
          record.setReplay(voice)
          try await journal.commit(JournalEntry(record: record))
          return voice
        }
        let voice = try await service.get().registerVoice(request, id: key?.voiceID) {
          [record] voice throws(SpeechError) in
          var record = record
          record.voiceID = voice.voiceID
          record.language = voice.language
          return JournalEntry(record: record, reply: try key?.holding(voice))
        }
        if let reply = try key?.holding(voice) { try await journal.share(reply) }
        return voice
      }
    }
  }

  public func deleteVoice(id: String, removesAudio: Bool, context: RequestContext) async throws(SpeechError) {
    var record = AuditRecord(.deleteVoice, context)
    record.voiceID = String(id.prefix(64))
    if removesAudio { record.settings["remove_audio"] = "true" }
    try await run { [record] journal, service throws(SpeechError) in
      try await once(record, context, journal) {
        ReplyKey.digest([Data(id.utf8)])
      } _: {
        record, key, stored throws(SpeechError) in
        if stored != nil {
          record.outcome = AuditRecord.replayed
          return try await journal.commit(JournalEntry(record: record))
        }
        let reply = key?.holding(reply: Data("{}".utf8))
        try await service.get().voiceCatalog.delete(
          id: id, removesAudio: removesAudio, entry: JournalEntry(record: record, reply: reply))
        if let reply { try await journal.share(reply) }
      }
    }
  }

  public func voices() async throws(SpeechError) -> [VoiceSummary] {
    try await run { _, service throws(SpeechError) in try await service.get().voiceCatalog.list() }
  }

  public func exportVoice(
    _ name: String, format: LatentsFormat, context: RequestContext
  ) async throws(SpeechError) -> ExportedVoice {
    let draft = AuditRecord(.exportVoice, context)
    return try await run { journal, service throws(SpeechError) in
      var record = draft
      let exported: ExportedVoice
      do throws(SpeechError) {
        exported = try await service.get().exportVoice(name, format: format)
        record.voiceID = exported.voice.voiceID
        record.settings = ["format": format.rawValue]
      } catch {
        record.setOutcome(error)
        try await journal.commit(JournalEntry(record: record))
        throw error
      }
      try await journal.commit(JournalEntry(record: record))
      return exported
    }
  }

  public func configuration() async throws(SpeechError) -> ServiceConfiguration {
    try await run { _, service throws(SpeechError) in try await service.get().configuration() }
  }

  // MARK: Records

  public func record(_ record: AuditRecord) async throws(SpeechError) {
    try await run { journal, _ throws(SpeechError) in try await journal.commit(JournalEntry(record: record)) }
  }

  public func recordRefusal(
    _ error: SpeechError, of action: AuditRecord.Action, context: RequestContext
  ) async throws(SpeechError) {
    if action == .synthesize { onEnd(context, .failure(error)) }
    guard case .open = state.withLock(\.readiness) else { return }
    try await run { journal, _ throws(SpeechError) in
      var record = AuditRecord(action, context)
      record.setOutcome(error)
      try await journal.commit(JournalEntry(record: record))
    }
  }
}
