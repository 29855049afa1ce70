import Foundation
import SpeechCore

/// The stored lexicons. Changes are recorded, and a repeated key changes nothing again.
extension RequestHandler {
  /// All stored lexicons.
  public func lexicons() async throws(SpeechError) -> [Lexicon] {
    try await run { _, service throws(SpeechError) in try await store(service).lexicons() }
  }

  /// - Throws: `unknown_lexicon` if there is none of this id.
  public func lexicon(id: String) async throws(SpeechError) -> Lexicon {
    try await run { _, service throws(SpeechError) in
      guard let lexicon = try await store(service).lexicon(id: id) else { throw Self.missing(id) }
      return lexicon
    }
  }

  /// Stores a lexicon under its id, with the next version if the id is in use.
  public func putLexicon(
    _ lexicon: Lexicon, context: RequestContext
  ) async throws(SpeechError) -> (lexicon: Lexicon, isNew: Bool) {
    var record = AuditRecord(.putLexicon, context)
    record.language = lexicon.language
    record.settings = ["lexicon_id": lexicon.id]
    return try await run { [record] journal, service throws(SpeechError) in
      try await once(record, context, journal) { () throws(SpeechError) in
        try ReplyKey.fingerprint(lexicon)
      } _: { record, key, stored throws(SpeechError) in
        if let stored {
          record.outcome = AuditRecord.replayed
          try await journal.commit(JournalEntry(record: record))
          return (try stored.decoded(Lexicon.self), false)
        }
        // The reply of a repeat has the entries of the request and the version of then.
        return try await store(service).put(lexicon) { [record] stored throws(SpeechError) in
          var record = record
          record.settings["lexicon_version"] = "\(stored.id)@\(stored.version)"
          return JournalEntry(record: record, reply: try key?.holding(stored))
        }
      }
    }
  }

  /// - Throws: `unknown_lexicon` if there is none of this id.
  public func deleteLexicon(id: String, context: RequestContext) async throws(SpeechError) {
    var record = AuditRecord(.deleteLexicon, context)
    record.settings = ["lexicon_id": String(id.prefix(64))]
    try await run { [record] journal, service throws(SpeechError) in
      try await once(record, context, journal) {
        ReplyKey.digest([Data(id.utf8)])
      } _: { record, key, stored throws(SpeechError) in
        if stored != nil {
          record.outcome = AuditRecord.replayed
          return try await journal.commit(JournalEntry(record: record))
        }
        let entry = JournalEntry(record: record, reply: key?.holding(reply: Data("{}".utf8)))
        guard try await store(service).remove(id: id, entry: entry) else { throw Self.missing(id) }
      }
    }
  }

  private func store(_ service: Result<SynthesisService, SpeechError>) throws(SpeechError) -> any LexiconStore {
    guard let store = try service.get().lexicons else { throw SpeechError(.internal, "there is no store of lexicons") }
    return store
  }

  private static func missing(_ id: String) -> SpeechError {
    SpeechError(.unknownLexicon, "there is no lexicon \(id.prefix(64))", field: "lexicon_id")
  }
}
