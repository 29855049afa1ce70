import GRDB
import SpeechCore

/// The numbered steps from an empty file to the current tables. A step, once released, never changes.
enum Migrations {
  /// "sbus" in ASCII: identifies the service's files among SQLite databases.
  static let applicationID: Int32 = 0x7362_7573

  /// - Parameter keys: sign the end of the audit; nil for a migrator that only compares versions.
  static func migrator(_ keys: KeyRing? = nil) -> DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("001", migrate: createTables)
    migrator.registerMigration("002", migrate: dropAuditIndexes)
    migrator.registerMigration("003", migrate: addConsent)
    migrator.registerMigration("004") { db in try addTrust(db, keys) }
    migrator.registerMigration("005") { try $0.execute(sql: lexicons) }
    // The cloning settings as JSON; NULL for the model's.
    migrator.registerMigration("006") { try $0.execute(sql: "ALTER TABLE voice ADD COLUMN settings TEXT") }
    return migrator
  }

  /// Whether version 0.1 wrote the file.
  static func isFromVersionOne(_ db: Database) throws -> Bool {
    let applied = try migrator().appliedIdentifiers(db)
    return applied.contains("001") && !applied.contains("004")
  }

  private static func createTables(_ db: Database) throws {
    try db.execute(sql: "PRAGMA application_id = \(applicationID)")
    try db.execute(sql: identity + voices + replication + audit + inbox)
  }

  /// No query looked rows up by request, and the random ids cost an extra page per commit. Pruning finds the
  /// oldest rows by their order.
  private static func dropAuditIndexes(_ db: Database) throws {
    try db.execute(sql: "DROP INDEX audit_by_request; DROP INDEX audit_by_time")
  }

  /// A consent statement goes with its voice.
  private static func addConsent(_ db: Database) throws {
    try db.execute(
      sql: """
        ALTER TABLE voice ADD COLUMN consent TEXT;
        CREATE TRIGGER voice_deleted AFTER UPDATE OF deleted_at_ms ON voice WHEN new.deleted_at_ms IS NOT NULL BEGIN
          UPDATE voice SET consent = NULL WHERE voice_id = new.voice_id;
        END;
        """)
  }

  /// Signatures, the content of the voice log, the trusted clock. Version 0.1 kept the names of deleted voices.
  private static func addTrust(_ db: Database, _ keys: KeyRing?) throws {
    try db.execute(sql: trust)
    guard let keys else { return }
    let chain = AuditChain(
      keys: keys, replicaID: try String.fetchOne(db, sql: "SELECT replica_id FROM identity") ?? "")
    try chain.save(try ChainEnd.fetch(db), isIntact: true, db)
  }

  private static let trust = """
    ALTER TABLE audit ADD COLUMN signature TEXT;
    ALTER TABLE audit_end ADD COLUMN unsigned_sequence INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE audit_end ADD COLUMN signature TEXT NOT NULL DEFAULT '';
    UPDATE audit_end SET unsigned_sequence = last_sequence;
    ALTER TABLE voice ADD COLUMN removes_audio INTEGER;
    UPDATE voice SET display_name = '', sample_digest = '', source_note = NULL, created_by = NULL
      WHERE deleted_at_ms IS NOT NULL;
    ALTER TABLE identity ADD COLUMN accepts_unsigned INTEGER NOT NULL DEFAULT 0;
    UPDATE identity SET accepts_unsigned =
      EXISTS (SELECT 1 FROM voice_log_position) OR EXISTS (SELECT 1 FROM voice WHERE voice_id <> 'default');
    DROP TABLE voice_log_position;
    CREATE TABLE voice_log_position (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      applied_offset INTEGER NOT NULL,
      entry_digest TEXT NOT NULL,
      keys TEXT NOT NULL
    ) STRICT;
    CREATE TABLE reply_log_position (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      applied_offset INTEGER NOT NULL,
      entry_digest TEXT NOT NULL,
      keys TEXT NOT NULL
    ) STRICT;
    CREATE TABLE voice_logged (
      voice_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      version INTEGER NOT NULL,
      PRIMARY KEY (voice_id, kind)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE clock (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      trusted_ms INTEGER NOT NULL,
      boot_id TEXT NOT NULL,
      boot_ms INTEGER NOT NULL
    ) STRICT;
    """

  private static let identity = """
    CREATE TABLE identity (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      replica_id TEXT NOT NULL
    ) STRICT;
    INSERT INTO identity VALUES (1, lower(hex(randomblob(16))));
    """

  private static let voices = """
    CREATE TABLE voice (
      voice_id TEXT PRIMARY KEY,
      version INTEGER NOT NULL,
      display_name TEXT NOT NULL,
      language TEXT NOT NULL,
      sample_digest TEXT NOT NULL,
      source_note TEXT,
      created_by TEXT,
      created_at_ms INTEGER NOT NULL,
      deleted_at_ms INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX voice_by_age ON voice (created_at_ms, voice_id) WHERE deleted_at_ms IS NULL;
    CREATE TABLE voice_sample (
      voice_id TEXT NOT NULL REFERENCES voice ON DELETE CASCADE,
      position INTEGER NOT NULL,
      digest TEXT NOT NULL,
      sample_rate INTEGER NOT NULL,
      duration_seconds REAL NOT NULL,
      PRIMARY KEY (voice_id, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX voice_sample_by_digest ON voice_sample (digest);
    CREATE TABLE conditioning (
      voice_id TEXT NOT NULL REFERENCES voice ON DELETE CASCADE,
      version INTEGER NOT NULL,
      model_digest TEXT NOT NULL,
      gpt_latents BLOB NOT NULL,
      speaker_embedding BLOB NOT NULL,
      PRIMARY KEY (voice_id, version, model_digest)
    ) STRICT;
    """

  /// `content` is a lexicon as JSON; NULL once it is removed. `state` is its state in the replicas' log.
  private static let lexicons = """
    CREATE TABLE lexicon (
      lexicon_id TEXT PRIMARY KEY,
      version INTEGER NOT NULL,
      content TEXT,
      state TEXT NOT NULL DEFAULT 'changed' CHECK (state IN ('changed', 'missing', 'logged'))
    ) STRICT, WITHOUT ROWID;
    """

  private static let replication = """
    CREATE TABLE voice_outbox (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL CHECK (kind IN ('registered', 'deleted')),
      voice_id TEXT NOT NULL
    ) STRICT;
    CREATE TABLE voice_log_position (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      applied_offset INTEGER NOT NULL
    ) STRICT;
    """

  /// Columns for searching are computed from the payload, so that there is one truth and the hash covers it.
  private static let audit = """
    CREATE TABLE audit (
      sequence INTEGER PRIMARY KEY,
      payload TEXT NOT NULL,
      hash TEXT NOT NULL,
      request_id TEXT GENERATED ALWAYS AS (payload ->> '$.request_id') VIRTUAL,
      received_at_ms INTEGER GENERATED ALWAYS AS (payload ->> '$.received_at_ms') VIRTUAL
    ) STRICT;
    CREATE INDEX audit_by_request ON audit (request_id);
    CREATE INDEX audit_by_time ON audit (received_at_ms);
    CREATE TABLE audit_end (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      pruned_sequence INTEGER NOT NULL,
      pruned_hash TEXT NOT NULL,
      last_sequence INTEGER NOT NULL,
      last_hash TEXT NOT NULL
    ) STRICT;
    INSERT INTO audit_end VALUES (1, 0, '', 0, '');
    CREATE TABLE usage (
      day TEXT NOT NULL,
      user_id TEXT NOT NULL,
      requests INTEGER NOT NULL,
      errors INTEGER NOT NULL,
      characters INTEGER NOT NULL,
      audio_seconds REAL NOT NULL,
      PRIMARY KEY (day, user_id)
    ) STRICT, WITHOUT ROWID;
    """

  private static let inbox = """
    CREATE TABLE inbox (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      key TEXT NOT NULL UNIQUE,
      fingerprint TEXT NOT NULL,
      reply BLOB NOT NULL,
      audio BLOB,
      chunk_byte_counts TEXT NOT NULL,
      byte_count INTEGER NOT NULL,
      saved_at_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX inbox_by_age ON inbox (saved_at_ms);
    CREATE TABLE inbox_total (id INTEGER PRIMARY KEY CHECK (id = 1), byte_count INTEGER NOT NULL) STRICT;
    INSERT INTO inbox_total VALUES (1, 0);
    CREATE TRIGGER inbox_added AFTER INSERT ON inbox BEGIN
      UPDATE inbox_total SET byte_count = byte_count + new.byte_count;
    END;
    CREATE TRIGGER inbox_removed AFTER DELETE ON inbox BEGIN
      UPDATE inbox_total SET byte_count = byte_count - old.byte_count;
    END;
    """
}
