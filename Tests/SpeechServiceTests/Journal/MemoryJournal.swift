import SpeechCore

/// Keeps the committed records for inspection; it can be made to fail.
actor MemoryJournal: RequestJournal {
  private(set) var records: [AuditRecord] = []
  private var replies: [String: StoredReply] = [:]
  private var isBroken = false

  func breakDown() { isBroken = true }

  func reply(key: String) async throws(SpeechError) -> StoredReply? { replies[key] }

  func commit(_ entry: JournalEntry) async throws(SpeechError) {
    if isBroken { throw SpeechError(.internal, "the disk is full") }
    records.append(entry.record)
    if let reply = entry.reply { replies[reply.key] = reply.reply }
  }
}
