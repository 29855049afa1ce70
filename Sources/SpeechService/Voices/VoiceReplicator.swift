import Foundation
import SpeechCore

/// Sends changes of voices and lexicons to the other replicas and applies theirs, through the voice log.
///
/// Local changes wait in the database until the broker has confirmed them; the position in the log is kept there too.
/// Repeated messages change nothing, so a crash between two steps does no harm.
///
/// A replica that finds another log than before (a new broker, a deleted stream, or an erasure) joins it: it reads the
/// log to its own `joined` entry, and then publishes the voices and deletions that the log does not have.
public actor VoiceReplicator {
  /// The pauses of the replicator.
  public struct Timing: Sendable {
    /// The interval of looking for changes that other processes (the `voices` command) make in the database.
    public var poll = Duration.milliseconds(500)
    /// The longest wait before joining a log that was reset, so that one replica publishes the voices.
    public var join = Duration.seconds(4)
    /// The interval of looking for recordings of deleted voices in the log.
    public var erase = Duration.seconds(10)
    /// The delays after failures to read the log or to apply an entry.
    public var backOff = RetryBackoff(initial: .milliseconds(500), maximum: .seconds(30))

    public init() {}
  }

  /// An event for the service's log.
  public enum Event: Sendable {
    case problem(SpeechError)
    /// `isNews`: the first entry that is signed with this other key.
    case refused(VoiceLogRefusal, offset: UInt64, isNews: Bool)
    /// The log is not the one that was followed before, and no replica has erased that one.
    case reset
    /// The log was replaced, because it had the recordings of deleted voices.
    case erased
  }

  private let store: any VoiceStore
  private let lexicons: (any LexiconReplicationStore)?
  private let position: any VoiceReplicationStore
  private let log: any ReplicaLog
  private let clips: (any ClipStore)?
  /// Latents of this model go along, so that replicas with the same model need not compute them.
  private let modelDigest: String?
  private let keys: @Sendable () -> KeyRing
  private let timing: Timing
  private let observe: @Sendable (Event) -> Void
  private let wakeUps: AsyncStream<Void>
  private nonisolated let wakeUp: AsyncStream<Void>.Continuation
  public nonisolated let status = VoiceLogStatus()

  /// The id of this replica's `joined` entry until it was read.
  private var joining: (id: String, isPublished: Bool)?
  /// The log that is joined replaces another one.
  private var isReplaced = false
  private var isErased = false
  private var usedKeys = ""
  private var reading: Task<Void, any Error>?

  /// - Parameters:
  ///   - keys: the present keys, which sign and verify entries.
  ///   - clips: where clips in deleted voices are removed.
  ///   - observe: receives each event. The replicator tries again after a problem.
  public init(
    store: any VoiceStore, lexicons: (any LexiconReplicationStore)? = nil, position: any VoiceReplicationStore,
    log: any ReplicaLog, clips: (any ClipStore)? = nil, modelDigest: String?, keys: @escaping @Sendable () -> KeyRing,
    timing: Timing = Timing(),
    observe: @escaping @Sendable (Event) -> Void = { _ in }
  ) {
    (self.store, self.lexicons, self.position, self.log, self.clips) = (store, lexicons, position, log, clips)
    (self.modelDigest, self.keys, self.timing, self.observe) = (modelDigest, keys, timing, observe)
    (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// A local change is waiting; pass this as the registry's `onChange`.
  public nonisolated var noticeChange: @Sendable () -> Void { { [wakeUp] in wakeUp.yield() } }

  /// Runs until cancelled.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.follow() }
      group.addTask { await self.announce() }
      group.addTask { [timing] in
        while !Task.isCancelled {
          try? await Task.sleep(for: timing.poll)
          await self.checkKeys()
          self.wakeUp.yield()
        }
      }
      group.addTask { [timing] in
        while !Task.isCancelled {
          try? await Task.sleep(for: timing.erase)
          await self.attempt { () async throws(SpeechError) in try await self.eraseIfNeeded() }
        }
      }
    }
  }

  private func attempt(_ work: () async throws(SpeechError) -> Void) async {
    do throws(SpeechError) { try await work() } catch { observe(.problem(error)) }
  }

  // MARK: Publishing

  private func announce() async {
    for await _ in wakeUps where !Task.isCancelled {
      await attempt { () async throws(SpeechError) in try await publishPending() }
    }
  }

  /// Publishes what waits, oldest first.
  func publishPending() async throws(SpeechError) {
    if let joining, !joining.isPublished {
      try await publish(.note(.joined, id: joining.id, origin: position.replicaID))
      if self.joining?.id == joining.id { self.joining?.isPublished = true }
    }
    while !Task.isCancelled {
      let pending = try await position.pendingChanges(limit: 16)
      guard !pending.isEmpty else { break }
      for change in pending {
        if let change = try await self.change(change) { try await publish(change) }
        try await position.removePendingChange(sequence: change.sequence)
      }
    }
    // A log that is joined may have them.
    while joining == nil, !Task.isCancelled, let change = try await lexicons?.unpublished() {
      try await publish(.lexicon(change, origin: position.replicaID))
      try await lexicons?.markPublished(change)
    }
  }

  private func publish(_ change: VoiceChange) async throws(SpeechError) {
    let (body, signature) = try signed(change)
    try await log.publish(body, signature: signature)
  }

  private func signed(_ change: VoiceChange) throws(SpeechError) -> (body: Data, signature: String) {
    let body = try change.encoded()
    return (body, keys().current.signature(of: body, as: .voiceLog))
  }

  /// - Returns: nil when a later change has made this one moot.
  private func change(_ pending: PendingVoiceChange) async throws(SpeechError) -> VoiceChange? {
    guard let voice = try await store.voice(id: pending.voiceID) else { return nil }
    guard pending.kind == .registered else {
      return voice.deletedAt == nil ? nil : .deleted(voice, origin: position.replicaID)
    }
    guard voice.deletedAt == nil else { return nil }
    var change = VoiceChange(kind: .registered, origin: position.replicaID, voice: voice)
    change.samples = try await store.samples(voiceID: voice.voiceID)
    if let digest = change.samples.isEmpty ? ModelConditioning.imported : modelDigest {
      change.latents = try await store.conditioning(
        voiceID: voice.voiceID, version: voice.version, modelDigest: digest
      ).map { VoiceChange.Latents(ModelConditioning(modelDigest: digest, conditioning: $0)) }
    }
    return change.samples.isEmpty && change.latents == nil ? nil : change
  }

  // MARK: Following

  private func follow() async {
    try? await retry { () async throws(SpeechError) in
      while !Task.isCancelled { try await followLog() }
    } pause: { error, attempt in
      observe(.problem(error))
      return timing.backOff.delay(attempt: attempt, jitter: .random(in: 0..<1))
    }
  }

  /// Returns when the log is another one, or the keys have changed.
  private func followLog() async throws(SpeechError) {
    usedKeys = keys().fingerprint
    let known = try await position.logPosition()
    if known == nil {
      if isReplaced { try? await Task.sleep(for: timing.join * Double.random(in: 0..<1)) }
      try await position.forgetLog()
      joining = (RequestContext.makeRequestID(), false)
      isErased = false
      wakeUp.yield()
    }
    status.set(known == nil ? .joining : .following)
    let reading = Task { [log] in
      try await log.follow(after: known) { [weak self] entry throws(SpeechError) in try await self?.apply(entry) }
    }
    self.reading = reading
    let result = await withTaskCancellationHandler {
      await reading.result
    } onCancel: {
      reading.cancel()
    }
    do { try result.get() } catch { throw SpeechError(describing: error) }
    guard !Task.isCancelled, keys().fingerprint == usedKeys else { return }
    isReplaced = true
    try await position.forgetLog()
  }

  /// With other keys, the log is read again.
  private func checkKeys() {
    guard let reading, keys().fingerprint != usedKeys else { return }
    status.forgetOtherKey()
    reading.cancel()
  }

  /// Applies one entry, then moves the position. A refused entry changes nothing and is reported.
  func apply(_ entry: LogEntry) async throws(SpeechError) {
    var logged: LoggedVoice?
    switch VoiceLogVerdict(entry, keys(), acceptsUnsigned: try await position.acceptsUnsigned()) {
    case .refused(let refusal):
      observe(.refused(refusal, offset: entry.offset, isNews: status.note(refusal)))
    case .accepted(let change, _) where change.kind == .erased: isErased = true
    case .accepted(let change, let isSigned) where change.kind == .joined:
      if isSigned, change.entryID == joining?.id { try await finishJoining() }
    case .accepted(let change, let isSigned) where change.kind == .lexicon:
      guard let lexicon = change.lexicon else { break }
      try await lexicons?.take(lexicon, entry: JournalEntry(record: AuditRecord(change, isSigned: isSigned)))
    case .accepted(let change, let isSigned):
      try await take(change, isSigned: isSigned)
      logged = LoggedVoice(
        kind: !isSigned ? .unsigned : change.kind == .deleted ? .deleted : .registered,
        voiceID: change.voice.voiceID, version: change.voice.version)
    }
    try await position.save(joining == nil ? entry.position : nil, logged)
  }

  private func finishJoining() async throws(SpeechError) {
    try await position.announceMissing()
    joining = nil
    if isReplaced {
      observe(isErased ? .erased : .reset)
      if !isErased { status.noteReset() }
      isReplaced = false
    }
    status.set(.following)
    wakeUp.yield()
  }

  /// Entries without a signature are published again with one.
  private func take(_ change: VoiceChange, isSigned: Bool) async throws(SpeechError) {
    let entry = JournalEntry(record: AuditRecord(change, isSigned: isSigned))
    guard change.kind == .deleted else {
      try await store.insert(
        change.voice, samples: change.samples, conditioning: change.conditioning, isLocal: !isSigned, entry: entry)
      return
    }
    let removal = try await store.softDelete(
      voiceID: change.voice.voiceID, at: change.voice.deletedAt ?? Date(),
      removesAudio: change.voice.removesAudio ?? false, isLocal: !isSigned, entry: entry)
    guard let removal else { return try await store.remember(deleted: change.voice) }
    for id in removal.clipRequestIDs { try await clips?.remove(requestID: id) }
  }

  // MARK: Erasing

  /// Replaces a log that has the recording of a deleted voice. All replicas publish the other voices again.
  func eraseIfNeeded() async throws(SpeechError) {
    guard joining == nil, try await position.logNeedsErasure(), !(try await position.acceptsUnsigned()),
      try await position.pendingChanges(limit: 1).isEmpty
    else { return }
    var first = [VoiceChange.note(.erased, id: RequestContext.makeRequestID(), origin: position.replicaID)]
    for voice in try await store.deletedVoices() { first.append(.deleted(voice, origin: position.replicaID)) }
    try await log.erase(beginningWith: try first.map(signed))
  }
}
