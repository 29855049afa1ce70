import Foundation

/// The rows that the end of a request commits.
public struct JournalEntry: Sendable, Equatable {
  /// The audit row.
  public var record: AuditRecord
  /// The answer, for a request with an idempotency key.
  public var reply: KeyedReply?

  public init(record: AuditRecord, reply: KeyedReply? = nil) {
    self.record = record
    self.reply = reply
  }
}

/// A reply under its idempotency key.
public struct KeyedReply: Sendable, Equatable {
  /// The idempotency key, with its scope.
  public var key: String
  /// The answer to repeats.
  public var reply: StoredReply

  public init(key: String, reply: StoredReply) {
    self.key = key
    self.reply = reply
  }
}

/// The service's durable memory of requests: one audit row for each, and the replies that a repeat is answered with.
public protocol RequestJournal: Sendable {
  /// Waits until no other replica works under the key, and until the replies of earlier work are here. Within this
  /// process, the caller makes sure that a key has one claim.
  /// - Throws: `cancelled`, or `overloaded` while the broker is away.
  func claim(_ key: String) async throws(SpeechError) -> KeyClaim

  /// Gives other replicas a reply that was committed together with a voice.
  func share(_ reply: KeyedReply) async throws(SpeechError)

  /// The reply an earlier request with this key was given; nil when there is none, or it is too old.
  func reply(key: String) async throws(SpeechError) -> StoredReply?

  /// Returns once record and reply are committed, in one transaction that concurrent callers share.
  /// - Throws: `internal` when the disk or database fails; then neither is kept.
  func commit(_ entry: JournalEntry) async throws(SpeechError)
}

extension RequestJournal {
  /// For a journal that no other replica shares.
  public func claim(_ key: String) async throws(SpeechError) -> KeyClaim { KeyClaim(isHeld: { true }, release: {}) }
  public func share(_ reply: KeyedReply) async throws(SpeechError) {}
}

/// The right to work under a key.
public struct KeyClaim: Sendable {
  /// Whether no other replica can have claimed the key since.
  public let isHeld: @Sendable () -> Bool
  /// Lets the next replica work under the key.
  public let release: @Sendable () -> Void

  public init(isHeld: @escaping @Sendable () -> Bool, release: @escaping @Sendable () -> Void) {
    self.isHeld = isHeld
    self.release = release
  }
}

/// The claims of all replicas.
public protocol KeyClaims: Sendable {
  /// Waits until no other replica has the key.
  /// - Throws: `cancelled`, or `overloaded` while the broker is away.
  func claim(_ key: String) async throws(SpeechError) -> KeyClaim
  /// Runs until the task is cancelled.
  func run() async
}

/// A replica's own part of a journal that replicas share.
public protocol ReplicatedJournal: RequestJournal {
  /// Names this database.
  var replicaID: String { get }
  /// The last entry of the log of replies that was read; nil before the first.
  func replyLogPosition() async throws(SpeechError) -> LogPosition?
  func saveReplyLogPosition(_ position: LogPosition?) async throws(SpeechError)
  /// Keeps a reply that was read in the log.
  /// - Parameter record: for a reply of this replica, its audit row, which is written if it is missing.
  func take(_ reply: KeyedReply, savedAt: Date, record: AuditRecord?) async throws(SpeechError)
}

/// A finished answer, kept so that a repeated request gets the same bytes.
public struct StoredReply: Sendable, Equatable {
  /// SHA-256 of the request it answers; a key reused for another request is an error.
  public var fingerprint: String
  /// The reply as JSON, without audio.
  public var reply: Data
  /// The encoded audio; nil when it lies in the clip store.
  public var audio: Data?
  /// Chunk lengths of a streamed answer, in order, so that a repeat is cut the same way; empty when not streamed.
  public var chunkByteCounts: [Int]

  public init(fingerprint: String, reply: Data, audio: Data?, chunkByteCounts: [Int] = []) {
    self.fingerprint = fingerprint
    self.reply = reply
    self.audio = audio
    self.chunkByteCounts = chunkByteCounts
  }

  /// Bytes of the reply and its audio.
  public var byteCount: Int { reply.count + (audio?.count ?? 0) }
}
