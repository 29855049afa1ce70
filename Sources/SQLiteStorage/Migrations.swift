import GRDB

/// The numbered steps from an empty file to the current tables. A step, once released, never changes.
enum Migrations {
  /// "sbus" in ASCII: identifies the service's files among SQLite databases.
  static let applicationID: Int32 = 0x7362_7573

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("001", migrate: createTables)
    migrator.registerMigration("002", migrate: dropAuditIndexes)
    migrator.registerMigration("003", migrate: addConsent)
    return migrator
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
