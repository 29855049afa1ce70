import ArgumentParser
import Foundation
import SQLiteStorage
import SpeechCore
import SpeechService

struct Voices: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Registered voices, directly on the database.",
    discussion: """
      A running service on the same database uses a new voice at once; its latents are computed at first use. The database \
      is SPEECHBUS_DATABASE, the recordings are kept in XTTS_VOICE_DIR.

      EXAMPLES
        speechbus voices add me.wav --name Me --language en --source-note "recorded with consent"
        speechbus voices list --database /data/speechbus.sqlite
      """,
    subcommands: [List.self, Add.self, Show.self, Remove.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists registered voices as JSON lines.",
      discussion: """
        EXAMPLES
          speechbus voices list
        """)

    @OptionGroup var storage: StorageFlags

    func run() async throws {
      try await storage.withVoices { (_, store) throws(SpeechError) in
        for voice in try await store.voices() { JSONOutput.line(voice) }
      }
    }
  }

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Registers a voice from one or more audio files.",
      discussion: """
        A clear recording of 6 to 30 seconds makes a good voice. Prints the voice with its id as JSON.

        EXAMPLES
          speechbus voices add me.wav --name Me
          speechbus voices add one.wav two.flac --name Ada --language fr
        """)

    @OptionGroup var storage: StorageFlags

    @Argument(help: "Audio files of the voice: \(AudioSignature.allKinds).")
    var files: [String]

    @Option(help: "The voice's name.")
    var name: String?

    @Option(help: "The voice's language.")
    var language: String?

    @Option(help: "Who agreed to its use, or where it comes from.")
    var sourceNote: String?

    func run() async throws {
      var samples: [VoiceReference] = []
      for path in files {
        guard let data = FileManager.default.contents(atPath: path) else { throw CommandFailure("can't read \(path)") }
        samples.append(.inline(data))
      }
      var request = VoiceRegistration(displayName: name, samples: samples)
      request.sourceNote = sourceNote
      if let language {
        guard let known = Language(tag: language) else {
          throw CommandFailure("--language \(language) is not one XTTS speaks")
        }
        request.language = known
      }
      let registration = request
      try await storage.withVoices(creates: true) { (requests, _) throws(SpeechError) in
        JSONOutput.line(
          try await requests.registerVoice(registration, context: RequestContext(transport: .commandLine)))
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows one voice, deleted or not.",
      discussion: """
        EXAMPLES
          speechbus voices show 9f1c2b7ce0a64f31a9d3c2b1e4f50617
        """)

    @OptionGroup var storage: StorageFlags

    @Argument(help: "The voice's id.")
    var id: String

    func run() async throws {
      let id = id
      try await storage.withVoices { (_, store) throws(SpeechError) in
        guard let voice = try await store.voice(id: id) else {
          throw SpeechError(.unknownSpeaker, "there is no voice \(id)")
        }
        JSONOutput.line(voice)
      }
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Deletes a voice and its samples.",
      discussion: """
        EXAMPLES
          speechbus voices remove 9f1c2b7ce0a64f31a9d3c2b1e4f50617
        """)

    @OptionGroup var storage: StorageFlags

    @Argument(help: "The voice's id.")
    var id: String

    func run() async throws {
      let id = id
      try await storage.withVoices { (requests, _) throws(SpeechError) in
        try await requests.deleteVoice(id: id, context: RequestContext(transport: .commandLine))
      }
    }
  }
}

extension StorageFlags {
  fileprivate func withVoices(
    creates: Bool = false,
    _ body: (RequestHandler, SQLiteVoiceStore) async throws(SpeechError) -> Void
  ) async throws {
    let database = try openDatabase(creates: creates)
    let store = SQLiteVoiceStore(
      database, voiceDirectory: try Environment.process(Settings.voiceDirectory, flag: voiceDir))
    let language = try Environment.process(Settings.defaultLanguage)
    let decoder = try Environment.process(Settings.decoder).decoder
    let registry = VoiceRegistry(
      store: store, intake: VoiceIntake(decoder: decoder, fetcher: nil), synthesizer: nil, defaultLanguage: language)
    let service = SynthesisService(synthesizer: nil, voiceCatalog: registry, modelDirectory: "")
    let requests = RequestHandler(.open(SQLiteRequestJournal(database), .success(service)))
    do throws(SpeechError) {
      try await body(requests, store)
    } catch {
      throw CommandFailure(error.message)
    }
    try database.close()
  }
}
