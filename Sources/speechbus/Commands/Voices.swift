import ArgumentParser
import Downloads
import Foundation
import SQLiteStorage
import SpeechCore
import SpeechService
import XTTSModel

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
    subcommands: [List.self, Add.self, Change.self, Show.self, Remove.self, Export.self, Import.self, Seal.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists the default voice, registered voices and the model's speakers, as the service does.",
      discussion: """
        EXAMPLES
          speechbus voices list
          speechbus voices list --json
        """)

    @OptionGroup var storage: StorageFlags
    @Option(Settings.modelDirectory) var modelDir: String?

    @Flag(help: "Write JSON lines instead of a table.")
    var json = false

    func run() async throws {
      guard let registry = try storage.registry(synthesizer: nil) else { throw try storage.noDatabase() }
      do throws(SpeechError) {
        let voices = try await registry.list() + speakers()
        if json {
          for voice in voices { JSONOutput.line(voice) }
        } else {
          TextTable.print(
            ["id", "name", "language"], voices.map { [$0.voiceID, $0.displayName, $0.language.rawValue] })
        }
      } catch {
        throw CommandFailure(error.message)
      }
    }

    /// The model's speakers; none, with a note, when the model can't be read.
    private func speakers() -> [VoiceSummary] {
      do {
        let directory = try Environment.process.modelDirectory(flag: modelDir)
        let language = try Environment.process(Settings.defaultLanguage)
        return try XTTS(files: ModelFiles(ModelDirectory(path: directory))).builtInVoices.map {
          VoiceSummary(voiceID: $0.name, displayName: $0.name, language: language)
        }
      } catch {
        StandardError.write("speechbus: without the model's speakers: \(error)")
        return []
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
          speechbus voices add long.wav --name Bo --gpt-cond-len 12 --gpt-cond-chunk-len 6 --max-ref-len 60
        """)

    @OptionGroup var storage: StorageFlags
    @Option(Settings.decoder) var decoder: String?

    @Argument(help: "Audio files of the voice: \(AudioSignature.allKinds).")
    var files: [String]

    @Option(help: "The voice's name.")
    var name: String?

    @Option(help: "The voice's language.")
    var language: String?

    @Option(help: "Who agreed to its use, or where it comes from.")
    var sourceNote: String?

    @OptionGroup var cloning: CloningFlags

    @Flag(help: "Trim silence, lower rumble and noise, and even the loudness.")
    var cleanReference = false

    @Option(help: "The speaker's statement of consent; it is erased with the voice.")
    var consent: String?

    func run() async throws {
      var samples: [VoiceReference] = []
      for path in files {
        guard let data = FileManager.default.contents(atPath: path) else { throw CommandFailure("can't read \(path)") }
        samples.append(.inline(data))
      }
      var request = VoiceRegistration(displayName: name, samples: samples)
      request.sourceNote = sourceNote
      request.consent = consent
      request.cleansReference = cleanReference
      request.settings = try cloning.settings()
      if let language {
        request.language = try SpeechFlags.language(language)
      }
      let registration = request
      try await storage.withVoices(creates: true, decoder: decoder) { (requests, _) throws(SpeechError) in
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
      abstract: "Deletes a voice with its samples, name and note.",
      discussion: """
        Running replicas apply the deletion and remove the recording from the broker.

        EXAMPLES
          speechbus voices remove 9f1c2b7ce0a64f31a9d3c2b1e4f50617
          speechbus voices remove 9f1c2b7ce0a64f31a9d3c2b1e4f50617 --remove-audio
        """)

    @OptionGroup var storage: StorageFlags

    @Argument(help: "The voice's id.")
    var id: String

    @Flag(help: "Also remove stored audio and stored replies in this voice, on all replicas.")
    var removeAudio = false

    @Option(Settings.storeDirectory) var storeDir: String?

    func run() async throws {
      let (id, removesAudio) = (id, removeAudio)
      let clips = ClipDirectory(path: try Environment.process(Settings.storeDirectory, flag: storeDir))
      try await storage.withVoices(clips: clips) { (requests, _) throws(SpeechError) in
        try await requests.deleteVoice(
          id: id, removesAudio: removesAudio, context: RequestContext(transport: .commandLine))
      }
    }
  }

  struct Seal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Ends the acceptance of voice changes from workers of version 0.1.",
      discussion: """
        After an upgrade from version 0.1, the database also accepts changes without a signature. Run this command for \
        each database once no worker of version 0.1 runs any more.

        EXAMPLES
          speechbus voices seal
        """)

    @OptionGroup var storage: StorageFlags

    func run() async throws {
      let database = try storage.openDatabase()
      do throws(SpeechError) {
        try await SQLiteVoiceReplicationStore(database).setAcceptsUnsigned(false)
      } catch {
        throw CommandFailure(error.message)
      }
      try database.close()
    }
  }
}

extension StorageFlags {
  /// The voices of the database; nil without a database.
  func registry(synthesizer: (any SpeechSynthesizer)?) throws -> VoiceRegistry? {
    let environment = Environment.process
    guard FileManager.default.fileExists(atPath: try environment(Settings.database, flag: database)) else { return nil }
    let store = SQLiteVoiceStore(
      try openDatabase(), voiceDirectory: try environment(Settings.voiceDirectory, flag: voiceDir))
    return VoiceRegistry(
      store: store, intake: VoiceIntake(decoder: try environment(Settings.decoder).decoder(), fetcher: nil),
      synthesizer: synthesizer, defaultLanguage: try environment(Settings.defaultLanguage))
  }

  func withVoices(
    creates: Bool = false, decoder: String? = nil, shape: VoiceShape? = nil, clips: (any ClipStore)? = nil,
    _ body: (RequestHandler, SQLiteVoiceStore) async throws(SpeechError) -> Void
  ) async throws {
    let database = try openDatabase(creates: creates)
    let store = SQLiteVoiceStore(
      database, voiceDirectory: try Environment.process(Settings.voiceDirectory, flag: voiceDir))
    let language = try Environment.process(Settings.defaultLanguage)
    let decoder = try Environment.process(Settings.decoder, flag: decoder).decoder()
    let registry = VoiceRegistry(
      store: store, intake: VoiceIntake(decoder: decoder, fetcher: nil), synthesizer: nil, shape: shape,
      clips: clips, defaultLanguage: language)
    let service = SynthesisService(
      synthesizer: nil, voiceCatalog: registry, lexicons: SQLiteLexiconStore(database), modelDirectory: "")
    let requests = RequestHandler(.open(SQLiteRequestJournal(database), .success(service)))
    do throws(SpeechError) {
      try await body(requests, store)
    } catch {
      throw CommandFailure(error.message)
    }
    try database.close()
  }
}
