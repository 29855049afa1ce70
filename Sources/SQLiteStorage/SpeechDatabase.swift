import Foundation
import GRDB
import SpeechCore

/// The service's one SQLite file: opened, checked and brought to the current version.
///
/// WAL with a commit flushed to disk each time, so a row that was acknowledged survives a power cut. Several processes
/// may use the file at once (the service and its commands).
public final class SpeechDatabase: Sendable {
  /// The file.
  public let path: String
  let pool: DatabasePool
  /// Names this database towards other replicas; made once, random.
  public let replicaID: String
  /// The keys of the audit and the voice log.
  public let keyFile: KeyFile
  /// The time for retention.
  public let clock: TrustedClock
  let writer: BatchWriter
  private let inode: UInt64?

  var chain: AuditChain { AuditChain(keys: keyFile.ring, replicaID: replicaID) }

  /// - Parameter keyFile: nil is a file next to the database, with `.key` at the end of its name.
  /// - Throws: `newerVersion`, `foreignFile` or `damaged` before anything is written to an existing file;
  ///   `unavailable` when it can't be opened or created.
  public init(path: String, keyFile: String? = nil) throws(StorageError) {
    self.path = path
    do {
      try Self.checkExisting(path)
      pool = try DatabasePool(path: path, configuration: Self.configuration)
      // Only now: GRDB turns it down to NORMAL when it opens a pool, after the configuration has had its say.
      try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
      let keys = try KeyFile(path: keyFile ?? Self.defaultKeyFile(of: path))
      self.keyFile = keys
      let isUpgrade = try pool.read(Migrations.isFromVersionOne)
      try Migrations.migrator(keys.ring).migrate(pool)
      // Version 0.1 did not overwrite deleted content.
      if isUpgrade {
        try pool.vacuum()
        try pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
      }
      replicaID =
        try pool.read { db in
          try String.fetchOne(db, sql: "SELECT replica_id FROM identity")
        } ?? ""
      clock = try TrustedClock(pool)
      let inode = Self.inode(of: path)
      self.inode = inode
      writer = BatchWriter(pool) {
        guard Self.inode(of: path) == inode else { throw Self.moved(path) }
      }
    } catch {
      throw StorageError.from(error, path: path)
    }
    guard !replicaID.isEmpty else { throw StorageError(.damaged, "database \(path) has no identity") }
  }

  /// The key file of a database for which no other is set.
  public static func defaultKeyFile(of path: String) -> String { path + ".key" }

  /// Whether the file is still in its place. If another program moved or replaced it, writes fail.
  public var isInPlace: Bool { Self.inode(of: path) == inode }

  /// Whether the newest audit row is signed with one of the present keys.
  public func hasKnownKey() -> Bool {
    let end = try? pool.read { db in try ChainEnd.fetch(db) }
    guard let end, case .otherKey = chain.check(end) else { return true }
    return false
  }

  private static func inode(of path: String) -> UInt64? {
    var found = stat()
    return stat(path, &found) == 0 ? UInt64(found.st_ino) : nil
  }

  private static func moved(_ path: String) -> StorageError {
    StorageError(.unavailable, "database \(path) was moved or replaced while the service ran; restart the service")
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    // Each reader that was ever needed at once stays open. Two may be busy with long lists of the audit.
    configuration.maximumReaderCount = 3
    configuration.prepareDatabase { db in
      guard !db.configuration.readonly else { return }
      // The write-ahead log is copied into the database whenever it reaches 1,000 pages (4 MiB), as SQLite does by
      // itself. After a long read let it grow, a restart of the log truncates it to 64 MiB.
      // Deleted content is overwritten with zeros.
      try db.execute(
        sql: "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864; PRAGMA secure_delete = ON")
    }
    return configuration
  }

  /// Reads a file that is already there, without changing it.
  private static func checkExisting(_ path: String) throws {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard let attributes, (attributes[.size] as? Int ?? 0) > 0 else { return }
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(10)
    // Each reader that was ever needed at once stays open. Two may be busy with long lists of the audit.
    configuration.maximumReaderCount = 3
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.read { db in
      let applicationID = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
      let isBlank = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0
      // A start that was cut off before its first commit leaves a file with a header and nothing else.
      if applicationID == 0, isBlank { return }
      guard applicationID == Migrations.applicationID else {
        throw StorageError(.foreignFile, "\(path) is a database of another program; choose another SPEECHBUS_DATABASE")
      }
      if try Migrations.migrator().hasBeenSuperseded(db) {
        throw StorageError(.newerVersion, "database \(path) was written by a newer version; update this program")
      }
      let problems = try String.fetchAll(db, sql: "PRAGMA quick_check(1)")
      guard problems == ["ok"] else {
        let problem = problems.first ?? "unreadable"
        throw StorageError(
          .damaged, "database \(path) is damaged (\(problem)); restore it from a backup, it is left as it is")
      }
    }
    try queue.close()
  }

  /// Moves the write-ahead log into the file, so that the log holds no deleted content. Readers may delay it.
  func truncateLog() {
    pool.writeWithoutTransaction { db in _ = try? db.checkpoint(.truncate) }
  }

  /// Finishes pending writes, leaves everything in the one file and closes it; later calls fail.
  public func close() throws(StorageError) {
    do {
      // Where another process still reads, the log stays, and is as good.
      truncateLog()
      try pool.close()
    } catch {
      throw StorageError.from(error, path: path)
    }
  }

  /// Runs `body` on a consistent view of the data. Failures become the errors that clients see.
  func read<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(SpeechError) -> Value {
    do { return try await pool.read(body) } catch { throw SpeechError(storage: error) }
  }

  /// Returns once the changes of `body` are committed. Failures become the errors that clients see.
  func write<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(SpeechError) -> Value {
    do { return try await writer.write(body) } catch { throw SpeechError(storage: error) }
  }
}
