import Foundation
import SpeechCore
import Synchronization

/// A journal whose keys and replies all replicas share.
///
/// A key is claimed at the broker before the work. The reply is published to the log of replies, then committed; a
/// replica that gets the claim later first reads the log up to that reply.
public final class SharedJournal: RequestJournal {
  /// The time to read the log to its end. It is short unless the broker is away.
  private static let barrierTime = Duration.seconds(15)

  private static let maximumBytes = 15 << 20

  private let local: any ReplicatedJournal
  private let log: any ReplicaLog
  private let claims: any KeyClaims
  private let keys: @Sendable () -> KeyRing
  private let backOff: RetryBackoff
  private let onProblem: @Sendable (SpeechError) -> Void
  /// Names this process in entries, which it commits itself.
  private let session = RequestContext.makeRequestID()
  private let held = Mutex<[String: KeyClaim]>([:])
  private let barriers = Mutex<[String: CheckedContinuation<Void, any Error>]>([:])

  /// - Parameter onProblem: receives each failure to read the log; reading is tried again.
  public init(
    local: any ReplicatedJournal, log: any ReplicaLog, claims: any KeyClaims, keys: @escaping @Sendable () -> KeyRing,
    backOff: RetryBackoff = RetryBackoff(initial: .milliseconds(200), maximum: .seconds(10)),
    onProblem: @escaping @Sendable (SpeechError) -> Void = { _ in }
  ) {
    (self.local, self.log, self.claims, self.keys) = (local, log, claims, keys)
    (self.backOff, self.onProblem) = (backOff, onProblem)
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

  /// Publishes an entry and waits until it was read, so that all earlier replies are here.
  private func readToEnd() async throws(SpeechError) {
    let barrier = SharedReply(.barrier, origin: local.replicaID, session: session)
    let timer = Task {
      try await Task.sleep(for: Self.barrierTime)
      barriers.withLock { $0.removeValue(forKey: barrier.entryID) }?.resume(throwing: Self.notConnected)
    }
    defer { timer.cancel() }
    do {
      try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
        barriers.withLock { $0[barrier.entryID] = continuation }
        Task {
          do throws(SpeechError) {
            try await publish(barrier)
          } catch {
            barriers.withLock { $0.removeValue(forKey: barrier.entryID) }?.resume(throwing: error)
          }
        }
      }
    } catch {
      throw (error as? SpeechError) ?? Self.notConnected
    }
  }

  private static let notConnected = SpeechError(
    .overloaded, "keys of requests can't be compared with other workers while the broker is away; try again soon")

  func apply(_ entry: LogEntry) async throws(SpeechError) {
    if entry.isFromReplicas, keys().check(entry.signature, of: entry.body, as: .replyLog) == .valid,
      let shared = SharedReply.decoded(entry.body)
    {
      switch shared.kind {
      case .barrier: barriers.withLock { $0.removeValue(forKey: shared.entryID) }?.resume()
      case .reply:
        guard shared.session != session, let key = shared.key, let reply = shared.reply else { break }
        let keyed = KeyedReply(key: key, reply: reply.stored)
        try await local.take(
          keyed, savedAt: shared.savedAt, record: shared.origin == local.replicaID ? shared.record : nil)
      }
    }
    try await local.saveReplyLogPosition(entry.position)
  }
}
