import Foundation
import SpeechCore
import Synchronization

/// A journal whose keys and replies all replicas share.
///
/// A key is claimed at the broker before the work. The reply is published to the log of replies, then committed; a
/// replica that gets the claim later first reads the log up to that reply.
public final class SharedJournal: RequestJournal {
  private static let maximumBytes = 15 << 20

  private let local: any ReplicatedJournal
  private let log: any ReplicaLog
  private let claims: any KeyClaims
  private let keys: @Sendable () -> KeyRing
  private let backOff: RetryBackoff
  private let timeout: Duration
  private let onProblem: @Sendable (SpeechError) -> Void
  /// Names this process in entries, which it commits itself.
  private let session = RequestContext.makeRequestID()
  private let held = Mutex<[String: KeyClaim]>([:])
  private let barriers = Mutex(LogBarriers<CheckedContinuation<Void, any Error>>())

  /// - Parameters:
  ///   - timeout: the time to read the log to its end. It takes longer only while the broker is away.
  ///   - onProblem: receives each failure to read the log; reading is tried again.
  public init(
    local: any ReplicatedJournal, log: any ReplicaLog, claims: any KeyClaims, keys: @escaping @Sendable () -> KeyRing,
    backOff: RetryBackoff = RetryBackoff(initial: .milliseconds(200), maximum: .seconds(10)),
    timeout: Duration = .seconds(15),
    onProblem: @escaping @Sendable (SpeechError) -> Void = { _ in }
  ) {
    (self.local, self.log, self.claims, self.keys) = (local, log, claims, keys)
    (self.backOff, self.timeout, self.onProblem) = (backOff, timeout, onProblem)
  }

  // MARK: Journal

  public func reply(key: String) async throws(SpeechError) -> StoredReply? { try await local.reply(key: key) }

  public func claim(_ key: String) async throws(SpeechError) -> KeyClaim {
    let claim = try await claims.claim(key)
    do throws(SpeechError) {
      try await readToEnd()
    } catch {
      claim.release()
      throw error
    }
    held.withLock { $0[key] = claim }
    return KeyClaim(
      isHeld: { true },
      release: { [self] in held.withLock { $0.removeValue(forKey: key) }?.release() })
  }

  /// Publishes the reply first: if this process ends before the commit, its next start commits the entry.
  public func commit(_ entry: JournalEntry) async throws(SpeechError) {
    if let reply = entry.reply {
      try await regain(reply.key)
      try await publish(SharedReply(entry, origin: local.replicaID, session: session))
    }
    try await local.commit(entry)
  }

  public func share(_ reply: KeyedReply) async throws(SpeechError) {
    var entry = SharedReply(.reply, origin: local.replicaID, session: session)
    (entry.key, entry.reply) = (reply.key, SharedReply.Reply(reply.reply))
    try await publish(entry)
  }

  /// Claims a key again whose claim was lost with the connection.
  /// - Throws: `internal` if another replica has finished the work meanwhile; its reply answers a repeat.
  private func regain(_ key: String) async throws(SpeechError) {
    guard let claim = held.withLock({ $0[key] }), !claim.isHeld() else { return }
    let again = try await claims.claim(key)
    held.withLock { $0[key] = again }
    try await readToEnd()
    guard try await local.reply(key: key) == nil else {
      throw SpeechError(.internal, "the connection to the broker was lost; another worker has the reply, send it again")
    }
  }

  private func publish(_ entry: SharedReply) async throws(SpeechError) {
    let body = try entry.encoded()
    // RabbitMQ 4 takes no larger message. This worker alone has such a reply.
    guard body.count <= Self.maximumBytes else { return }
    try await log.publish(body, signature: keys().current.signature(of: body, as: .replyLog))
  }

  // MARK: Log

  /// Reads the log until the task is cancelled.
  public func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.claims.run() }
      group.addTask {
        try? await retry { () async throws(SpeechError) in
          while !Task.isCancelled {
            let position = try await self.local.replyLogPosition()
            try await self.log.follow(after: position) { entry throws(SpeechError) in try await self.apply(entry) }
            // The log is another one; its first entries are new.
            if !Task.isCancelled { try await self.local.saveReplyLogPosition(nil) }
          }
        } pause: { error, attempt in
          self.onProblem(error)
          return self.backOff.delay(attempt: attempt, jitter: .random(in: 0..<1))
        }
      }
    }
  }

  /// Waits until an entry was read that is published after the call, so that all earlier replies are here.
  private func readToEnd() async throws(SpeechError) {
    let number = barriers.withLock { $0.number() }
    let timer = Task {
      try await Task.sleep(for: timeout)
      barriers.withLock { $0.remove(number) }?.resume(throwing: Self.notConnected)
      publishBarrier()
    }
    defer { timer.cancel() }
    do {
      try await withCheckedThrowingContinuation { waiter in
        barriers.withLock { $0.add(waiter, number: number) }
        publishBarrier()
      }
    } catch {
      throw (error as? SpeechError) ?? Self.notConnected
    }
  }

  private func publishBarrier() {
    let barrier = SharedReply(.barrier, origin: local.replicaID, session: session)
    guard barriers.withLock({ $0.publish(barrier.entryID) }) else { return }
    Task {
      do throws(SpeechError) {
        try await publish(barrier)
      } catch {
        end(barrier.entryID, .failure(error))
      }
    }
  }

  private func end(_ barrier: String, _ result: Result<Void, any Error>) {
    for waiter in barriers.withLock({ $0.end(barrier) }) { waiter.resume(with: result) }
    publishBarrier()
  }

  private static let notConnected = SpeechError(
    .overloaded, "keys of requests can't be compared with other workers while the broker is away; try again soon")

  func apply(_ entry: LogEntry) async throws(SpeechError) {
    if entry.isFromReplicas, keys().check(entry.signature, of: entry.body, as: .replyLog) == .valid,
      let shared = SharedReply.decoded(entry.body)
    {
      switch shared.kind {
      case .barrier:
        // The position is not saved: a barrier that is read once more does nothing.
        return end(shared.entryID, .success(()))
      case .reply:
        guard shared.session != session, let key = shared.key, let reply = shared.reply else { break }
        let keyed = KeyedReply(key: key, reply: reply.stored)
        try await local.take(
          keyed, savedAt: shared.savedAt, record: shared.origin == local.replicaID ? shared.record : nil)
      }
    }
    do throws(SpeechError) {
      try await local.saveReplyLogPosition(entry.position)
    } catch {
      // From an earlier position, entries are read once more, which changes nothing.
      onProblem(error)
    }
  }
}
