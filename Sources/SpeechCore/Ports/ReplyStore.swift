import Foundation

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

  public var byteCount: Int { reply.count + (audio?.count ?? 0) }
}

/// Durable part of the inbox: finished replies by idempotency key, bounded in age and bytes.
public protocol ReplyStore: Sendable {
  func reply(key: String) async throws(SpeechError) -> StoredReply?
  /// Returns once committed; drops the oldest replies when a bound is passed.
  func save(_ reply: StoredReply, key: String) async throws(SpeechError)
}
