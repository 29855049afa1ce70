import ArgumentParser
import Foundation
import SQLiteStorage

struct Audit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The record of requests: a chain in which each row carries the hash of the one before.",
    discussion: """
      SPEECHBUS_AUDIT_TEXT (hash, full or none) sets the recorded part of a text. SPEECHBUS_DATABASE is the database.

      EXAMPLES
        speechbus audit verify
        speechbus audit export --database /data/speechbus.sqlite > audit.jsonl
        speechbus audit prune --days 90
      """,
    subcommands: [Verify.self, Export.self, Prune.self])

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Recomputes the chain and names the first broken row.",
      discussion: """
        EXAMPLES
          speechbus audit verify
        """)

    @OptionGroup var storage: StorageFlags

    @Flag(help: "Write JSON.")
    var json = false

    func run() async throws {
      let found = try await storage.withAudit { (audit) throws(StorageError) in try await audit.verify() }
      if json {
        JSONOutput.pretty(Report(rows: Int(found.rowCount), pruned: Int(found.prunedCount), lastHash: found.lastHash))
      } else {
        print("\(found.rowCount) rows hold together, \(found.prunedCount) were pruned; last hash \(found.lastHash)")
      }
    }

    private struct Report: Encodable {
      var rows: Int
      var pruned: Int
      var lastHash: String

      private enum CodingKeys: String, CodingKey {
        case rows, pruned
        case lastHash = "last_hash"
      }
    }
  }

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes the rows as JSON lines, oldest first.",
      discussion: """
        EXAMPLES
          speechbus audit export > audit.jsonl
        """)

    @OptionGroup var storage: StorageFlags

    func run() async throws {
      try await storage.withAudit { (audit) throws(StorageError) in try await audit.export { print($0) } }
    }
  }

  struct Prune: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Removes rows older than so many days; what is left stays verifiable.",
      discussion: """
        EXAMPLES
          speechbus audit prune --days 90
        """)

    @OptionGroup var storage: StorageFlags

    @Option(Settings.auditDays, alias: "days") var days: String?

    func run() async throws {
      let days = try Environment.process(Settings.auditDays, flag: days, named: "days")
      guard days > 0 else {
        throw CommandFailure("--days or SPEECHBUS_AUDIT_DAYS must give the days to keep, above 0", isUsage: true)
      }
      let limit = Date(timeIntervalSinceNow: -Double(days) * 86_400)
      let count = try await storage.withAudit { (audit) throws(StorageError) in try await audit.prune(before: limit) }
      print("\(count) rows removed")
    }
  }
}

extension StorageFlags {
  /// - Parameter creates: whether a missing file is created. A command that only reads reports a wrong path.
  func openDatabase(creates: Bool = false) throws -> SpeechDatabase {
    let path = try Environment.process(Settings.database, flag: database)
    guard creates || FileManager.default.fileExists(atPath: path) else { throw try noDatabase() }
    // The database and its log are for this user alone.
    umask(0o077)
    do throws(StorageError) {
      return try SpeechDatabase(path: path)
    } catch {
      throw CommandFailure(error.message)
    }
  }

  func noDatabase() throws(BadSetting) -> CommandFailure {
    let path = try Environment.process(Settings.database, flag: database)
    return CommandFailure("there is no database at \(path): --database or SPEECHBUS_DATABASE names the service's")
  }

  fileprivate func withAudit<Result>(
    _ body: (SQLiteAuditLog) async throws(StorageError) -> Result
  ) async throws -> Result {
    let database = try openDatabase()
    do throws(StorageError) {
      let audit = SQLiteAuditLog(database)
      let result = try await Progress.during("working on the records") { () throws(StorageError) in
        try await body(audit)
      }
      try database.close()
      return result
    } catch {
      throw CommandFailure(error.message)
    }
  }
}
