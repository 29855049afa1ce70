import Foundation
import SpeechCore

/// A message of the log of replies.
struct SharedReply: Codable, Sendable {
  enum Kind: String, Codable, Sendable {
    case reply
    /// Marks a position, for the replica that wrote it.
    case barrier
  }

  struct Reply: Codable, Sendable {
    var fingerprint: String
    var reply: Data
    var audio: Data?
    var chunkByteCounts: [Int]

    init(_ stored: StoredReply) {
      (fingerprint, reply) = (stored.fingerprint, stored.reply)
      (audio, chunkByteCounts) = (stored.audio, stored.chunkByteCounts)
    }

    var stored: StoredReply {
      StoredReply(fingerprint: fingerprint, reply: reply, audio: audio, chunkByteCounts: chunkByteCounts)
    }
  }

  var kind: Kind
  /// Random, so that no two entries are equal.
  var entryID = RequestContext.makeRequestID()
  /// The replica that did the work.
  var origin: String
  /// The process that did the work.
  var session: String
  var savedAt = Date()
  var key: String?
  var reply: Reply?
  /// The audit row of the work.
  var record: AuditRecord?

  private enum CodingKeys: String, CodingKey {
    case kind, origin, session, key, reply, record
    case entryID = "entry_id"
    case savedAt = "saved_at"
  }

  init(_ kind: Kind, origin: String, session: String) {
    (self.kind, self.origin, self.session) = (kind, origin, session)
  }

  init(_ entry: JournalEntry, origin: String, session: String) {
    self.init(.reply, origin: origin, session: session)
    (key, reply, record) = (entry.reply?.key, entry.reply.map { Reply($0.reply) }, entry.record)
  }

  func encoded() throws(SpeechError) -> Data {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .millisecondsSince1970
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do { return try encoder.encode(self) } catch { throw SpeechError(describing: error) }
  }

  static func decoded(_ body: Data) -> SharedReply? {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .millisecondsSince1970
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try? decoder.decode(SharedReply.self, from: body)
  }
}
