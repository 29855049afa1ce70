import Foundation
import GRDB
import SpeechCore

/// Voices in the database, their clips in files.
public struct SQLiteVoiceStore: VoiceStore {
  let database: SpeechDatabase
  let samples: SampleDirectory
  private let journal: SQLiteRequestJournal

  /// - Parameters:
  ///   - voiceDirectory: `XTTS_VOICE_DIR`; created on the first registration.
  ///   - journal: where entries that come with a change go, on the same database; nil takes the usual bounds.
  public init(_ database: SpeechDatabase, voiceDirectory: String, journal: SQLiteRequestJournal? = nil) {
    self.database = database
    self.journal = journal ?? SQLiteRequestJournal(database)
    samples = SampleDirectory(voiceDirectory: voiceDirectory, replicaID: database.replicaID)
  }

  /// Removes clips that a crash left without a voice. For the service's start.
  /// - Returns: the number of removed files.
  @discardableResult
  public func removeOrphanedSamples() async throws(SpeechError) -> Int {
    try await database.write { [samples] db in
      var removed = 0
      for digest in samples.sweepTemporaryFiles() {
        removed += try Self.removeIfUnused(digest, samples, db) ? 1 : 0
      }
      return removed
    }
  }

  @discardableResult
  public func insert(
    _ voice: VoiceRecord, samples clips: [VoiceSample], conditioning: ModelConditioning?, isLocal: Bool,
    entry: JournalEntry?
  ) async throws(SpeechError) -> Bool {
    guard !clips.isEmpty || conditioning?.modelDigest == ModelConditioning.imported else {
      throw SpeechError(.internal, "a voice needs a sample or imported latents")
    }
    let pending = try prepare(entry)
    let replaced: [String]? = try await database.write { [samples] db in
      let row = try Row.fetchOne(db, sql: "SELECT * FROM voice WHERE voice_id = ?", arguments: [voice.voiceID])
      if let row {
        guard let current = VoiceRecord(row), current.deletedAt == nil, current.version <= voice.version,
          current.version < voice.version || (!isLocal && current.rank < voice.rank)
        else { return nil }
      }
      try pending?.write(db)
      let replaced = try Self.digests(voice.voiceID, db)
      for clip in clips { try samples.store(clip) }
      try db.execute(sql: "DELETE FROM voice WHERE voice_id = ?", arguments: [voice.voiceID])
      try voice.insert(db)
      for (position, clip) in clips.enumerated() {
        try db.execute(
          sql: "INSERT INTO voice_sample VALUES (?, ?, ?, ?, ?)",
          arguments: [voice.voiceID, position, clip.digest, clip.sampleRate, clip.durationSeconds])
      }
      try conditioning?.insert(voiceID: voice.voiceID, version: voice.version, db)
      if isLocal { try Self.announce(.registered, voice.voiceID, db) }
      return replaced
    }
    guard let replaced else { return false }
    try await removeUnused(replaced)
    return true
  }

  public func voice(id: String) async throws(SpeechError) -> VoiceRecord? {
    try await database.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM voice WHERE voice_id = ?", arguments: [id]).flatMap { VoiceRecord($0) }
    }
  }

  public func voices() async throws(SpeechError) -> [VoiceRecord] {
    try await database.read { db in
      let sql = "SELECT * FROM voice WHERE deleted_at_ms IS NULL ORDER BY created_at_ms, voice_id"
      return try Row.fetchAll(db, sql: sql).compactMap { VoiceRecord($0) }
    }
  }

  public func deletedVoices() async throws(SpeechError) -> [VoiceRecord] {
    try await database.read { db in
      let sql = "SELECT * FROM voice WHERE deleted_at_ms IS NOT NULL ORDER BY deleted_at_ms, voice_id"
      return try Row.fetchAll(db, sql: sql).compactMap { VoiceRecord($0) }
    }
  }

  public func samples(voiceID: String) async throws(SpeechError) -> [VoiceSample] {
    try await database.read { [samples] db in
      let sql = "SELECT * FROM voice_sample WHERE voice_id = ? ORDER BY position"
      return try Row.fetchAll(db, sql: sql, arguments: [voiceID]).map { row in
        let digest: String = row["digest"]
        return VoiceSample(
          audio: try samples.load(digest: digest), digest: digest, sampleRate: row["sample_rate"],
          durationSeconds: row["duration_seconds"])
      }
    }
  }

  public func conditioning(
    voiceID: String, version: Int, modelDigest: String
  ) async throws(SpeechError) -> VoiceConditioning? {
    try await database.read { db in
      let sql = "SELECT * FROM conditioning WHERE voice_id = ? AND version = ? AND model_digest = ?"
      return try Row.fetchOne(db, sql: sql, arguments: [voiceID, version, modelDigest]).map { VoiceConditioning($0) }
    }
  }

  public func saveConditioning(
    _ conditioning: ModelConditioning, voiceID: String, version: Int
  ) async throws(SpeechError) {
    try await database.write { db in
      let sql = "SELECT version FROM voice WHERE voice_id = ? AND deleted_at_ms IS NULL"
      guard try Int.fetchOne(db, sql: sql, arguments: [voiceID]) == version else { return }
      try conditioning.insert(voiceID: voiceID, version: version, db)
    }
  }

  public func softDelete(
    voiceID: String, at date: Date, removesAudio: Bool, isLocal: Bool, entry: JournalEntry?
  ) async throws(SpeechError) -> VoiceRemoval? {
    let pending = try prepare(entry)
    let removed: (digests: [String], clips: [String])? = try await database.write { db in
      let sql = """
        UPDATE voice SET deleted_at_ms = ?, removes_audio = ?, display_name = '', sample_digest = '',
          source_note = NULL, created_by = NULL, settings = NULL
        WHERE voice_id = ? AND deleted_at_ms IS NULL
        """
      try db.execute(sql: sql, arguments: [date.millisecondsSince1970, removesAudio ? 1 : nil, voiceID])
      guard db.changesCount == 1 else { return nil }
      let digests = try Self.digests(voiceID, db)
      try db.execute(sql: "DELETE FROM voice_sample WHERE voice_id = ?", arguments: [voiceID])
      try db.execute(sql: "DELETE FROM conditioning WHERE voice_id = ?", arguments: [voiceID])
      try Self.eraseReplies(voiceID, removesAudio: removesAudio, db)
      if isLocal { try Self.announce(.deleted, voiceID, db) }
      try pending?.write(db)
      return (digests, removesAudio ? try Self.clips(voiceID, db) : [])
    }
    guard let removed else { return nil }
    try await removeUnused(removed.digests)
    database.truncateLog()
    return VoiceRemoval(clipRequestIDs: removed.clips)
  }

  public func remember(deleted voice: VoiceRecord) async throws(SpeechError) {
    var tombstone = voice
    (tombstone.displayName, tombstone.sampleDigest, tombstone.sourceNote, tombstone.createdBy) = ("", "", nil, nil)
    tombstone.settings = nil
    try await database.write { [tombstone] db in
      let sql = "SELECT 1 FROM voice WHERE voice_id = ?"
      guard try Int.fetchOne(db, sql: sql, arguments: [tombstone.voiceID]) == nil else { return }
      try tombstone.insert(db)
    }
  }

  /// Removes the name from the stored reply of a registration, which still answers its repeats.
  private static func eraseReplies(_ voiceID: String, removesAudio: Bool, _ db: Database) throws {
    try db.execute(
      sql: """
        UPDATE inbox SET reply = CAST(json_set(CAST(reply AS TEXT), '$.display_name', '') AS BLOB)
        WHERE json_valid(CAST(reply AS TEXT)) AND CAST(reply AS TEXT) ->> '$.voice_id' = ?
        """, arguments: [voiceID])
    guard removesAudio else { return }
    try db.execute(
      sql: """
        DELETE FROM inbox WHERE json_valid(CAST(reply AS TEXT))
          AND (CAST(reply AS TEXT) ->> '$.speaker_id' = ?1
            OR instr(',' || (CAST(reply AS TEXT) ->> '$.speaker_id'), ',' || ?1 || ':') > 0)
        """, arguments: [voiceID])
  }

  /// The requests with a stored clip in a voice, also in a mix or as one of several voices.
  private static func clips(_ voiceID: String, _ db: Database) throws -> [String] {
    let sql = """
      SELECT payload ->> '$.request_id' FROM audit
      WHERE payload ->> '$.stored_path' IS NOT NULL
        AND (payload ->> '$.voice_id' = ?1 OR instr(',' || (payload ->> '$.voice_id'), ',' || ?1 || ':') > 0
          OR instr(',' || (payload ->> '$.settings.voices'), ',' || ?1 || '/') > 0)
      """
    return try String.fetchAll(db, sql: sql, arguments: [voiceID])
  }

  private func prepare(_ entry: JournalEntry?) throws(SpeechError) -> SQLiteRequestJournal.Pending? {
    guard let entry else { return nil }
    return try journal.prepare(entry)
  }

  /// Only after the commit that dropped them, and again under the write lock: a crash between the two leaves a file too
  /// many, never one too few.
  private func removeUnused(_ digests: [String]) async throws(SpeechError) {
    guard !digests.isEmpty else { return }
    try await database.write { [samples] db in
      for digest in Set(digests) { _ = try Self.removeIfUnused(digest, samples, db) }
    }
  }

  private static func digests(_ voiceID: String, _ db: Database) throws -> [String] {
    try String.fetchAll(db, sql: "SELECT digest FROM voice_sample WHERE voice_id = ?", arguments: [voiceID])
  }

  private static func removeIfUnused(_ digest: String, _ samples: SampleDirectory, _ db: Database) throws -> Bool {
    let sql = "SELECT 1 FROM voice_sample WHERE digest = ? LIMIT 1"
    guard try Int.fetchOne(db, sql: sql, arguments: [digest]) == nil else { return false }
    samples.remove(digest: digest)
    return true
  }

  private static func announce(_ kind: PendingVoiceChange.Kind, _ voiceID: String, _ db: Database) throws {
    try db.execute(
      sql: "INSERT INTO voice_outbox (kind, voice_id) VALUES (?, ?)", arguments: [kind.rawValue, voiceID])
  }
}
