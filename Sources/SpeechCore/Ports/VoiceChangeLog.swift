import Foundation

/// The stream that carries voice changes to every replica (`tts.voices.log`). Bodies are opaque to an implementation;
/// order is kept, and a message stays readable for replicas that start later.
public protocol VoiceChangeLog: Sendable {
  /// Returns once the broker has confirmed the message.
  /// - Throws: `internal` or `overloaded` when it was not confirmed; the caller tries again.
  func publish(_ body: Data) async throws(SpeechError)

  /// Passes each message with an offset above `offset` (nil: from the first one) to `apply`, in order and one at a time,
  /// then the new ones, until the task is cancelled.
  /// - Throws: the error of `apply`, or `overloaded` when the log can't be read. The caller tries again.
  func follow(
    after offset: UInt64?, _ apply: @escaping @Sendable (VoiceLogEntry) async throws(SpeechError) -> Void
  ) async throws(SpeechError)
}

/// One message of the voice log.
public struct VoiceLogEntry: Sendable, Equatable {
  /// The position in the stream.
  public var offset: UInt64
  /// The change, as `VoiceChange` encodes it.
  public var body: Data

  public init(offset: UInt64, body: Data) {
    self.offset = offset
    self.body = body
  }
}

/// A replica's position in the voice log, and its changes that wait for publication.
public protocol VoiceReplicationStore: Sendable {
  /// Names this database in change messages; made once, random.
  var replicaID: String { get }
  /// The offset of the last change that was applied here; nil before the first.
  func lastAppliedOffset() async throws(SpeechError) -> UInt64?
  /// Keeps the position across restarts.
  func saveAppliedOffset(_ offset: UInt64) async throws(SpeechError)
  /// Local changes not yet published, oldest first.
  func pendingChanges(limit: Int) async throws(SpeechError) -> [PendingVoiceChange]
  /// Removes a change that was published.
  func removePendingChange(sequence: Int64) async throws(SpeechError)
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
