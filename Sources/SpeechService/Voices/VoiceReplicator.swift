import Foundation
import SpeechCore

/// Sends voice changes to the other replicas and applies theirs, through the voice log.
///
/// Local changes wait in the database until the broker has confirmed them; the offset of the last applied change is
/// kept there too. Repeated messages change nothing, so a crash between two steps does no harm.
public struct VoiceReplicator: Sendable {
  private let store: any VoiceStore
  private let position: any VoiceReplicationStore
  private let log: any VoiceChangeLog
  /// Latents of this model go along, so that replicas with the same model need not compute them.
  private let modelDigest: String?
  private let pollInterval: Duration
  private let backOff: RetryBackoff
  private let onProblem: @Sendable (SpeechError) -> Void
  private let wakeUps: AsyncStream<Void>
  private let wakeUp: AsyncStream<Void>.Continuation

  /// - Parameters:
  ///   - pollInterval: the interval of looking for changes that other processes (the `voices` command) make in the
  ///     database.
  ///   - backOff: the delays after failures to read the log or to apply an entry.
  ///   - onProblem: receives each failure. The replicator tries again.
  public init(
    store: any VoiceStore, position: any VoiceReplicationStore, log: any VoiceChangeLog, modelDigest: String?,
    pollInterval: Duration = .milliseconds(500),
    backOff: RetryBackoff = RetryBackoff(initial: .milliseconds(500), maximum: .seconds(30)),
    onProblem: @escaping @Sendable (SpeechError) -> Void = { _ in }
  ) {
    self.store = store
    self.position = position
    self.log = log
    self.modelDigest = modelDigest
    self.pollInterval = pollInterval
    self.backOff = backOff
    self.onProblem = onProblem
    (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// A local change is waiting; pass this as the registry's `onChange`.
  public var noticeChange: @Sendable () -> Void { { [wakeUp] in wakeUp.yield() } }

  /// Runs until cancelled.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await follow() }
      group.addTask { await announce() }
      group.addTask {
        while !Task.isCancelled {
          try? await Task.sleep(for: pollInterval)
          wakeUp.yield()
        }
      }
    }
  }

  private func announce() async {
    for await _ in wakeUps where !Task.isCancelled {
      do throws(SpeechError) {
        try await publishPending()
      } catch {
        onProblem(error)
      }
    }
  }

  /// Publishes what waits, oldest first.
  func publishPending() async throws(SpeechError) {
    while !Task.isCancelled {
      let pending = try await position.pendingChanges(limit: 16)
      guard !pending.isEmpty else { return }
      for change in pending {
        if let body = try await message(change) { try await log.publish(body) }
        try await position.removePendingChange(sequence: change.sequence)
      }
    }
  }

  /// - Returns: nil when a later change has made this one moot.
  private func message(_ pending: PendingVoiceChange) async throws(SpeechError) -> Data? {
    guard let voice = try await store.voice(id: pending.voiceID) else { return nil }
    var change = VoiceChange(
      kind: .deleted, origin: position.replicaID, voice: voice, samples: [], latents: nil)
    switch pending.kind {
    case .deleted:
      guard voice.deletedAt != nil else { return nil }
    case .registered:
      guard voice.deletedAt == nil else { return nil }
      change.kind = .registered
      change.samples = try await store.samples(voiceID: voice.voiceID)
      guard !change.samples.isEmpty else { return nil }
      if let modelDigest {
        change.latents = try await store.conditioning(
          voiceID: voice.voiceID, version: voice.version, modelDigest: modelDigest
        ).map { VoiceChange.Latents(ModelConditioning(modelDigest: modelDigest, conditioning: $0)) }
      }
    }
    do { return try change.encoded() } catch { throw SpeechError(describing: error) }
  }

  private func follow() async {
    try? await retry { () async throws(SpeechError) in
      let offset = try await position.lastAppliedOffset()
      try await log.follow(after: offset) { entry throws(SpeechError) in try await apply(entry) }
    } pause: { error, attempt in
      onProblem(error)
      return backOff.delay(attempt: attempt, jitter: .random(in: 0..<1))
    }
  }

  /// Takes one change over, then moves the position; a message that can't be read is passed by.
  func apply(_ entry: VoiceLogEntry) async throws(SpeechError) {
    if let change = VoiceChange.decoded(entry.body) {
      switch change.kind {
      case .registered:
        try await store.insert(
          change.voice, samples: change.samples, conditioning: change.conditioning, isLocal: false)
      case .deleted:
        _ = try await store.softDelete(
          voiceID: change.voice.voiceID, at: change.voice.deletedAt ?? Date(), isLocal: false)
      }
    } else {
      onProblem(SpeechError(.invalidRequest, "voice log entry \(entry.offset) can't be read and was passed by"))
    }
    try await position.saveAppliedOffset(entry.offset)
  }
}
