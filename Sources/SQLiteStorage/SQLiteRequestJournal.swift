import Foundation
import GRDB
import SpeechCore

/// Audit rows and stored replies of one database. All rows of a request are committed in one transaction.
public struct SQLiteRequestJournal: RequestJournal {
  let database: SpeechDatabase
  let replies: SQLiteReplyStore

  /// - Parameter replies: with its bounds of age and bytes; nil takes the usual ones.
  public init(_ database: SpeechDatabase, replies: SQLiteReplyStore? = nil) {
    self.database = database
    self.replies = replies ?? SQLiteReplyStore(database)
  }

  public func reply(key: String) async throws(SpeechError) -> StoredReply? {
    try await replies.reply(key: key)
  }

  public func commit(_ entry: JournalEntry) async throws(SpeechError) {
    let pending = try prepare(entry)
    try await database.write { db in try pending.write(db) }
  }

  /// An entry on its way into a transaction; what needs no database is done already.
  struct Pending: Sendable {
    fileprivate var record: AuditRecord
    fileprivate var payload: String
    fileprivate var chain: AuditChain
    fileprivate var reply: KeyedReply?
    fileprivate var replies: SQLiteReplyStore

    func write(_ db: Database) throws {
      try SQLiteAuditLog.append(record, payload: payload, chain, db)
      if let reply { try replies.save(reply.reply, key: reply.key, db) }
    }
  }

  func prepare(_ entry: JournalEntry) throws(SpeechError) -> Pending {
    do {
      return Pending(
        record: entry.record, payload: try AuditChain.payload(entry.record), chain: database.chain, reply: entry.reply,
        replies: replies)
    } catch {
      throw SpeechError(.internal, "an audit record can't be encoded")
    }
  }
}

extension SQLiteRequestJournal: ReplicatedJournal {
  public var replicaID: String { database.replicaID }

  public func replyLogPosition() async throws(SpeechError) -> LogPosition? {
    let keys = database.keyFile.ring.fingerprint
    return try await database.read { db in try LogPosition.fetch("reply_log_position", keys: keys, db) }
  }

  public func saveReplyLogPosition(_ position: LogPosition?) async throws(SpeechError) {
    let keys = database.keyFile.ring.fingerprint
    try await database.write { db in
      guard let position else { return try db.execute(sql: "DELETE FROM reply_log_position") }
      try position.save("reply_log_position", keys: keys, db)
    }
  }

  public func take(_ reply: KeyedReply, savedAt: Date, record: AuditRecord?) async throws(SpeechError) {
    let pending: Pending?
    if let record { pending = try prepare(JournalEntry(record: record)) } else { pending = nil }
    try await database.write { [replies] db in
      guard try replies.take(reply.reply, key: reply.key, savedAt: savedAt, db), let pending, let record else { return }
      let sql = "SELECT 1 FROM audit WHERE request_id = ? LIMIT 1"
      guard try Int.fetchOne(db, sql: sql, arguments: [record.requestID]) == nil else { return }
      try pending.write(db)
    }
  }
}
