import ArgumentParser
import Foundation
import SQLiteStorage
import SpeechCore
import SpeechService

struct LexiconCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lexicon",
    abstract: "Pronunciation lexicons, directly on the database.",
    discussion: """
      A lexicon respells words before they are read: the model reads letters, not phonemes. Requests name it as lexicon, or \
      SPEECHBUS_LEXICON does. A running service on the same database uses a change at once.

      EXAMPLES
        speechbus lexicon put names Nguyen=Win "SQL=sequel"
        speechbus lexicon put names --file names.json
        speechbus synthesize "Nguyen writes SQL." -o names.wav --lexicon names
      """,
    subcommands: [List.self, Show.self, Put.self, Remove.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the lexicons.",
      discussion: """
        EXAMPLES
          speechbus lexicon list
          speechbus lexicon list --json
        """)

    @OptionGroup var storage: StorageFlags
    @Flag(help: "Write JSON lines instead of a table.") var json = false

    func run() async throws {
      let store = try storage.lexicons()
      do throws(SpeechError) {
        let lexicons = try await store?.lexicons() ?? []
        if json {
          for lexicon in lexicons { JSONOutput.line(lexicon) }
        } else {
          TextTable.print(
            ["id", "version", "language", "scope", "entries"],
            lexicons.map {
              [$0.id, "\($0.version)", $0.language?.rawValue ?? "all", $0.scope, "\($0.entries.count)"]
            })
        }
      } catch {
        throw CommandFailure(error.message)
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints one lexicon as JSON.",
      discussion: """
        EXAMPLES
          speechbus lexicon show names
        """)

    @OptionGroup var storage: StorageFlags
    @Argument(help: "The lexicon's id.") var id: String

    func run() async throws {
      let id = id
      try await storage.withLexicons { requests throws(SpeechError) in
        JSONOutput.line(try await requests.lexicon(id: id))
      }
    }
  }

  struct Put: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Stores a lexicon; each change has a new version.",
      discussion: """
        Entries are WRITTEN=SPOKEN, or come from a JSON file as PUT /api/v1/tts/lexicons takes it. They replace the \
        lexicon's entries.

        EXAMPLES
          speechbus lexicon put names Nguyen=Win --language en
          speechbus lexicon put names --file names.json
        """)

    @OptionGroup var storage: StorageFlags
    @Argument(help: "The lexicon's id.") var id: String
    @Argument(help: "Entries, each WRITTEN=SPOKEN.") var entries: [String] = []
    @Option(help: "A JSON file with entries; - is standard input.") var file: String?
    @Option(help: "The only language it applies to.") var language: String?
    @Option(help: "service, or the user_id that may name it.") var scope: String?

    func run() async throws {
      let lexicon = try lexicon()
      try await storage.withLexicons(creates: true) { requests throws(SpeechError) in
        JSONOutput.line(
          try await requests.putLexicon(lexicon, context: RequestContext(transport: .commandLine)).lexicon)
      }
    }

    private func lexicon() throws -> Lexicon {
      do {
        var fields = file == nil ? ["entries": JSONValue.array([])] : [:]
        fields["entries"] = .array(
          entries.map { entry in
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return ["written": .string(String(parts[0])), "spoken": .string(parts.count > 1 ? String(parts[1]) : "")]
          })
        let data = try file.map { try Self.contents(of: $0) } ?? Data(JSONValue(fields).json().utf8)
        var lexicon = try LexiconDraft.decode(data).lexicon(id: id)
        if let scope { lexicon.scope = scope }
        if let language {
          guard let known = Language(tag: language) else {
            throw SpeechError(.invalidRequest, "--language is \"\(language.prefix(32))\", which is no language tag")
          }
          lexicon.language = known
        }
        return lexicon
      } catch let error as SpeechError {
        throw CommandFailure(error.message, isUsage: file == nil)
      }
    }

    private static func contents(of path: String) throws(SpeechError) -> Data {
      if path == "-" { return FileHandle.standardInput.readDataToEndOfFile() }
      guard let data = FileManager.default.contents(atPath: path) else {
        throw SpeechError(.invalidRequest, "can't read \(path)")
      }
      return data
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Deletes a lexicon.",
      discussion: """
        EXAMPLES
          speechbus lexicon remove names
        """)

    @OptionGroup var storage: StorageFlags
    @Argument(help: "The lexicon's id.") var id: String

    func run() async throws {
      let id = id
      try await storage.withLexicons { requests throws(SpeechError) in
        try await requests.deleteLexicon(id: id, context: RequestContext(transport: .commandLine))
      }
    }
  }
}

extension StorageFlags {
  /// The lexicons of the database; nil without a database.
  func lexicons() throws -> (any LexiconStore)? {
    guard FileManager.default.fileExists(atPath: try Environment.process(Settings.database, flag: database)) else {
      return nil
    }
    return SQLiteLexiconStore(try openDatabase())
  }

  fileprivate func withLexicons(
    creates: Bool = false, _ body: (RequestHandler) async throws(SpeechError) -> Void
  ) async throws {
    try await withVoices(creates: creates) { (requests, _) throws(SpeechError) in try await body(requests) }
  }
}
