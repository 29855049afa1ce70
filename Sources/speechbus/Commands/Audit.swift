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
      abstract: "Recomputes the chain, checks signatures and totals, and names the first broken row.",
      discussion: """
        Store the last hash on another machine, and pass it to --expect later: then rows that were removed at the end, or \
        an older copy of the database, are found too.

        EXAMPLES
          speechbus audit verify
          speechbus audit verify --expect 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
        """)

    @OptionGroup var storage: StorageFlags

    @Option(help: "A hash that was noted earlier: fails unless a row still has it.")
    var expect: String?

    @Flag(help: "Write JSON.")
    var json = false

    func run() async throws {
      let expected = expect?.lowercased()
      if let expected, expected.count != 64 || !expected.allSatisfy(\.isHexDigit) {
        throw CommandFailure("--expect takes the 64 hex digits of an earlier last hash", isUsage: true)
      }
      let found = try await storage.withAudit { (audit) throws(StorageError) in
        try await audit.verify(expecting: expected)
      }
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

    @Flag(help: "Trust the clock of this machine, although it is ahead of the time that has passed.")
    var force = false

    func run() async throws {
      let days = try Environment.process(Settings.auditDays, flag: days, named: "days")
      guard days > 0 else {
        throw CommandFailure("--days or SPEECHBUS_AUDIT_DAYS must give the days to keep, above 0", isUsage: true)
      }
      let force = force
      let count = try await storage.withAudit { (audit) throws(StorageError) in
        let (now, isAhead) = try audit.clock.advance(force: force)
        if isAhead {
          StandardError.write("speechbus: the clock is ahead of the time that has passed; days count up to \(now)")
        }
        return try await audit.prune(before: now.addingTimeInterval(-Double(days) * 86_400))
      }
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
    do {
      return try SpeechDatabase(path: path, keyFile: try keyFilePath())
    } catch let error as StorageError {
      throw CommandFailure(error.message)
    }
  }

  /// Nil is a file next to the database.
  private func keyFilePath() throws(BadSetting) -> String? {
    try Environment.process(Settings.keyFile, flag: keyFile)
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
