import Foundation
import SpeechCore

/// Gives every request its one audit row, whatever its end, and answers a repeated one with the stored reply.
///
/// Row and reply, and a registration's voice, are committed in one transaction before the answer is given: after a
/// crash a request was either done and is remembered, or is done anew. A repeat that comes while the first still runs
/// waits for it. Failures are not stored: a repeat tries again.
public struct JournaledRequests: SpeechRequestHandler {
  private let work: any SpeechWork
  private let journal: any RequestJournal
  private let auditText: AuditTextPolicy
  private let turns = KeyedTurns()
  private let maximumStoredBytes: Int

  /// - Parameter maximumStoredBytes: audio of a streamed answer over this is not stored.
  public init(
    _ work: any SpeechWork, journal: any RequestJournal, auditText: AuditTextPolicy = .hash,
    maximumStoredBytes: Int = 64 << 20
  ) {
    self.work = work
    self.journal = journal
    self.auditText = auditText
    self.maximumStoredBytes = maximumStoredBytes
  }

  public func synthesize(
    _ request: SynthesisRequest, context: RequestContext, onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply {
    let record = AuditRecord(request, context: context, text: auditText)
    return try await once(record, context) { () throws(SpeechError) in
      try Self.fingerprint(request)
    } replay: { stored, record throws(SpeechError) in
      let reply = try await Self.replay(stored, to: onAudio)
      record.setReplay(reply)
      return reply
    } work: { record, slot throws(SpeechError) in
      let recorder = slot != nil && onAudio != nil ? ChunkRecorder(maximumBytes: maximumStoredBytes) : nil
      let reply = try await speak(request, context, &record, onAudio, recorder)
      record.setOutcome(reply)
      var keyed: KeyedReply?
      if let slot {
        let recording = await recorder?.recording
        if recorder == nil || recording != nil {
          keyed = slot.holding(
            reply: try Self.encoded(reply), audio: recording?.audio ?? reply.audio,
            chunkByteCounts: recording?.byteCounts ?? [])
        }
      }
      try await journal.commit(JournalEntry(record: record, reply: keyed))
      return reply
    }
  }

  private func speak(
    _ request: SynthesisRequest, _ context: RequestContext, _ record: inout AuditRecord,
    _ onAudio: (@Sendable (Data) async throws -> Void)?, _ recorder: ChunkRecorder?
  ) async throws(SpeechError) -> SynthesisReply {
    guard let onAudio, let recorder else {
      return try await work.synthesize(request, context: context, record: &record, onAudio: onAudio)
    }
    return try await work.synthesize(request, context: context, record: &record) { chunk in
      try await onAudio(chunk)
      await recorder.append(chunk)
    }
  }

  public func registerVoice(
    _ request: VoiceRegistration, context: RequestContext
  ) async throws(SpeechError) -> VoiceSummary {
    var record = AuditRecord(.registerVoice, context)
    record.userID = request.userID
    return try await once(record, context) { () throws(SpeechError) in
      Self.fingerprint(request)
    } replay: { stored, record throws(SpeechError) in
      let voice = try Self.decode(VoiceSummary.self, stored.reply)
      record.setReplay(voice)
      return voice
    } work: { record, slot throws(SpeechError) in
      try await work.registerVoice(request) { [record] voice throws(SpeechError) in
        var record = record
        record.voiceID = voice.voiceID
        record.language = voice.language
        return JournalEntry(record: record, reply: slot?.holding(reply: try Self.encode(voice)))
      }
    }
  }

  public func deleteVoice(id: String, context: RequestContext) async throws(SpeechError) {
    var record = AuditRecord(.deleteVoice, context)
    record.voiceID = String(id.prefix(64))
    try await once(record, context) { () throws(SpeechError) in
      Self.digest([Data(id.utf8)])
    } replay: { _, record throws(SpeechError) in
      record.outcome = AuditRecord.replayed
    } work: { record, slot throws(SpeechError) in
      let reply = slot?.holding(reply: Data("{}".utf8))
      try await work.deleteVoice(id: id, entry: JournalEntry(record: record, reply: reply))
    }
  }

  public func recordRefusal(
    _ error: SpeechError, of action: AuditRecord.Action, context: RequestContext
  ) async throws(SpeechError) {
    var record = AuditRecord(action, context)
    record.setOutcome(error)
    try await journal.commit(JournalEntry(record: record))
  }

  public func voices() async throws(SpeechError) -> [VoiceSummary] { try await work.voices() }
  public func configuration() async throws(SpeechError) -> ServiceConfiguration { try await work.configuration() }

  // MARK: Once

  /// Where a request's reply is kept.
  private struct Slot: Sendable {
    var key: String
    var fingerprint: String
    /// Whether a stored reply answers the request, or is replaced by a new one.
    var isAnsweredByStoredReply = true

    func holding(reply: Data, audio: Data? = nil, chunkByteCounts: [Int] = []) -> KeyedReply {
      KeyedReply(
        key: key,
        reply: StoredReply(fingerprint: fingerprint, reply: reply, audio: audio, chunkByteCounts: chunkByteCounts))
    }
  }

  /// - Parameters:
  ///   - replay: turns a stored reply into an answer; its record is committed here.
  ///   - work: does the request and commits its record, with the reply for the slot if there is one.
  private func once<Answer: Sendable>(
    _ draft: AuditRecord, _ context: RequestContext, fingerprint: () throws(SpeechError) -> String,
    replay: (StoredReply, inout AuditRecord) async throws(SpeechError) -> Answer,
    work: (inout AuditRecord, Slot?) async throws(SpeechError) -> Answer
  ) async throws(SpeechError) -> Answer {
    var record = draft
    do throws(SpeechError) {
      guard let slot = try slot(draft.action, context, fingerprint) else { return try await work(&record, nil) }
      do { try await turns.enter(slot.key) } catch { throw SpeechError(describing: error) }
      let result: Result<Answer, SpeechError>
      do throws(SpeechError) {
        result = .success(try await inTurn(slot, &record, replay, work))
      } catch {
        result = .failure(error)
      }
      await turns.leave(slot.key)
      return try result.get()
    } catch {
      record.setOutcome(error)
      // Without its row a request is not at its end: whoever sent it hears of that, and the bus delivers it again.
      try await journal.commit(JournalEntry(record: record))
      throw error
    }
  }

  private func inTurn<Answer: Sendable>(
    _ slot: Slot, _ record: inout AuditRecord,
    _ replay: (StoredReply, inout AuditRecord) async throws(SpeechError) -> Answer,
    _ work: (inout AuditRecord, Slot?) async throws(SpeechError) -> Answer
  ) async throws(SpeechError) -> Answer {
    guard slot.isAnsweredByStoredReply, let stored = try await journal.reply(key: slot.key) else {
      return try await work(&record, slot)
    }
    guard stored.fingerprint == slot.fingerprint else {
      throw SpeechError(.invalidRequest, "the idempotency key was used for another request", field: "idempotency_key")
    }
    let answer = try await replay(stored, &record)
    try await journal.commit(JournalEntry(record: record))
    return answer
  }

  /// - Returns: nil for a request without a key.
  private func slot(
    _ action: AuditRecord.Action, _ context: RequestContext, _ fingerprint: () throws(SpeechError) -> String
  ) throws(SpeechError) -> Slot? {
    let prefix = "\(context.transport.rawValue)/\(action.slotName)"
    guard let key = context.idempotencyKey, !key.isEmpty else {
      guard let delivery = context.deliveryKey else { return nil }
      let key = Self.digest(delivery.parts)
      return Slot(
        key: "\(prefix)-delivery/\(key)", fingerprint: key, isAnsweredByStoredReply: delivery.isRedelivered)
    }
    guard key.utf8.count <= 255 else {
      throw SpeechError(.invalidRequest, "the idempotency key may have at most 255 bytes", field: "idempotency_key")
    }
    return Slot(key: "\(prefix)/\(key)", fingerprint: try fingerprint())
  }
}

extension AuditRecord.Action {
  /// Part of the keys under which replies are kept, so it never changes.
  fileprivate var slotName: String {
    switch self {
    case .synthesize: "synthesize"
    case .registerVoice: "register"
    case .deleteVoice: "delete"
    case .pruneAudit: "prune"
    }
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
