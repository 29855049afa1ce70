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
    fileprivate var reply: KeyedReply?
    fileprivate var replies: SQLiteReplyStore

    func write(_ db: Database) throws {
      try SQLiteAuditLog.append(record, payload: payload, db)
      if let reply { try replies.save(reply.reply, key: reply.key, db) }
    }
  }

  func prepare(_ entry: JournalEntry) throws(SpeechError) -> Pending {
    do {
      return Pending(
        record: entry.record, payload: try AuditChain.payload(entry.record), reply: entry.reply, replies: replies)
    } catch {
      throw SpeechError(.internal, "an audit record can't be encoded")
    }
  }
}
