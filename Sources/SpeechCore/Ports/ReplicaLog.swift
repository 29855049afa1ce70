import Foundation

/// A stream that carries entries to every replica, such as `tts.voices.log`. Bodies are opaque to an implementation;
/// order is kept, and an entry stays readable for replicas that start later.
public protocol ReplicaLog: Sendable {
  /// Returns once the broker has confirmed the entry.
  /// - Parameter signature: travels with the body.
  /// - Throws: `internal` or `overloaded` when it was not confirmed; the caller tries again.
  func publish(_ body: Data, signature: String) async throws(SpeechError)

  /// Passes each entry behind `position` (nil: from the first one) to `apply`, in order and one at a time, then the new
  /// ones. Returns when the task is cancelled, or when the log is not the one that `position` belongs to.
  /// - Throws: the error of `apply`, or `overloaded` when the log can't be read. The caller tries again.
  func follow(
    after position: LogPosition?, _ apply: @escaping @Sendable (LogEntry) async throws(SpeechError) -> Void
  ) async throws(SpeechError)

  /// Removes all entries, unless another replica does it now. Every reader finds another log after this.
  /// - Parameter first: entries that the new log begins with.
  func erase(beginningWith first: [(body: Data, signature: String)]) async throws(SpeechError)
}

/// One entry of a log.
public struct LogEntry: Sendable, Equatable {
  /// The position in the stream.
  public var offset: UInt64
  public var body: Data
  /// As the publisher sent it; nil if it sent none.
  public var signature: String?
  /// Whether it was published to the exchange of the replicas, for which clients need no permission.
  public var isFromReplicas: Bool

  public init(offset: UInt64, body: Data, signature: String? = nil, isFromReplicas: Bool = true) {
    self.offset = offset
    self.body = body
    self.signature = signature
    self.isFromReplicas = isFromReplicas
  }

  public var position: LogPosition { LogPosition(offset: offset, digest: SHA256.hash(data: body).hexadecimal) }
}

/// The last entry that a replica applied. The digest distinguishes a log from another one with the same name.
public struct LogPosition: Sendable, Equatable {
  public var offset: UInt64
  /// SHA-256 of the entry's body, lower-case hex.
  public var digest: String

  public init(offset: UInt64, digest: String) {
    self.offset = offset
    self.digest = digest
  }
}

/// A replica's position in the voice log, and its changes that wait for publication.
public protocol VoiceReplicationStore: Sendable {
  /// Names this database in change messages; made once, random.
  var replicaID: String { get }
  /// Whether entries without a signature are applied: after the upgrade of a database of version 0.1, until the operator
  /// ends it.
  func acceptsUnsigned() async throws(SpeechError) -> Bool
  /// Changes ``acceptsUnsigned()``.
  func setAcceptsUnsigned(_ accepts: Bool) async throws(SpeechError)
  /// The last entry that was applied here; nil before the first, and after ``forgetLog()``.
  func logPosition() async throws(SpeechError) -> LogPosition?
  /// Keeps the position across restarts; with the change of a valid entry.
  func save(_ position: LogPosition?, _ logged: LoggedVoice?) async throws(SpeechError)
  /// The log is another one now: forgets the position and the content of the log.
  func forgetLog() async throws(SpeechError)
  /// Adds pending changes for the voices and deletions that the log does not have.
  func announceMissing() async throws(SpeechError)
  /// Whether the log has the recording of a deleted voice, or entries without a signature that were applied.
  func logNeedsErasure() async throws(SpeechError) -> Bool
  /// Local changes not yet published, oldest first.
  func pendingChanges(limit: Int) async throws(SpeechError) -> [PendingVoiceChange]
  /// Removes a change that was published.
  func removePendingChange(sequence: Int64) async throws(SpeechError)
}

/// A change that the log has.
public struct LoggedVoice: Sendable, Equatable {
  /// The kinds of entries with a voice.
  public enum Kind: String, Sendable {
    case registered, deleted
    /// Either of them, from version 0.1.
    case unsigned
  }

  public var kind: Kind
  public var voiceID: String
  public var version: Int

  public init(kind: Kind, voiceID: String, version: Int) {
    self.kind = kind
    self.voiceID = voiceID
    self.version = version
  }
}

/// A local change that is not published to other replicas yet.
public struct PendingVoiceChange: Sendable, Equatable {
  /// The kinds of changes.
  public enum Kind: String, Sendable {
    case registered, deleted
  }

  /// Rises with each local change.
  public var sequence: Int64
  /// The kind of the change.
  public var kind: Kind
  /// The voice that changed.
  public var voiceID: String

  public init(sequence: Int64, kind: Kind, voiceID: String) {
    self.sequence = sequence
    self.kind = kind
    self.voiceID = voiceID
  }
}
