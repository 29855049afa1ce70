import ArgumentParser
import Downloads
import Foundation
import SQLiteStorage
import SpeechCore
import SpeechService
import XTTSModel

extension Voices {
  struct Change: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "set",
      abstract: "Replaces the cloning settings of a voice; without an option, a setting is the model's.",
      discussion: """
        The latents are computed again at the next use. Prints the voice as JSON.

        EXAMPLES
          speechbus voices set 9f1c2b7ce0a64f31a9d3c2b1e4f50617 --gpt-cond-len 12 --sound-norm-refs true
          speechbus voices set 9f1c2b7ce0a64f31a9d3c2b1e4f50617
        """)

    @OptionGroup var storage: StorageFlags
    @OptionGroup var cloning: CloningFlags

    @Argument(help: "The voice's id.")
    var id: String

    func run() async throws {
      var change = VoiceRegistration(samples: [])
      (change.changedVoiceID, change.settings) = (id, try cloning.settings())
      try await storage.withVoices { [change] (requests, _) throws(SpeechError) in
        JSONOutput.line(try await requests.registerVoice(change, context: RequestContext(transport: .commandLine)))
      }
    }
  }

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes the latents of a voice to a file, for another installation.",
      discussion: """
        The file speaks with the voice as its recording does, but the recording can't be got from it. Formats are .json, as \
        AllTalk keeps it, and .safetensors.

        EXAMPLES
          speechbus voices export 9f1c2b7ce0a64f31a9d3c2b1e4f50617 -o ada.json
          speechbus voices export "Demo Alto" -o alto.safetensors
        """)

    @OptionGroup var engine: EngineFlags
    @OptionGroup var storage: StorageFlags
    @Option(Settings.decoder) var decoder: String?

    @Argument(help: "A registered voice's id or name, or a built-in speaker's name.")
    var voice: String

    @Option(name: [.short, .long], help: "The file to write; - is standard output, in JSON.")
    var output: String

    func run() async throws {
      let suffix = output == "-" ? "json" : URL(fileURLWithPath: output).pathExtension.lowercased()
      guard let format = LatentsFormat(rawValue: suffix) else {
        throw CommandFailure("\(output) must end in .json or .safetensors", isUsage: true)
      }
      let environment = Environment.process
      do {
        let synthesizer = try await Progress.during("loading the model") {
          try await engine.loadEngine(try engine.findModel(environment), environment, warmsUp: false)
        }
        defer { synthesizer.close() }
        let registered = try storage.registry(synthesizer: synthesizer)
        let voices = EngineVoices(
          synthesizer: synthesizer, defaultVoicePath: try environment(Settings.defaultVoice),
          decoder: try environment(Settings.decoder, flag: decoder).decoder(), registered: registered)
        let service = SynthesisService(synthesizer: synthesizer, voiceCatalog: voices, modelDirectory: "")
        let exported: ExportedVoice
        if registered == nil {
          exported = try await service.exportVoice(voice, format: format)
        } else {
          let journal = SQLiteRequestJournal(try storage.openDatabase())
          exported = try await RequestHandler(.open(journal, .success(service))).exportVoice(
            voice, format: format, context: RequestContext(transport: .commandLine))
        }
        let file = try OutputFile(output)
        try file.append(exported.file)
        try file.close()
      } catch let error as SpeechError {
        throw CommandFailure(error.message)
      }
    }
  }

  struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Registers a voice from a file with its latents.",
      discussion: """
        The file is one of voices export or AllTalk (.json), .safetensors, or .pth with gpt_cond_latent and \
        speaker_embedding. Prints the voice with its id as JSON.

        EXAMPLES
          speechbus voices import ada.json
          speechbus voices import ada.pth --name Ada --language en --consent "I agree. Ada"
        """)

    @OptionGroup var storage: StorageFlags
    @Option(Settings.modelDirectory) var modelDir: String?

    @Argument(help: "The file.")
    var file: String

    @Option(help: "The voice's name (the file's).")
    var name: String?

    @Option(help: "The voice's language (the file's).")
    var language: String?

    @Option(help: "Who agreed to its use, or where it comes from.")
    var sourceNote: String?

    @Option(help: "The speaker's statement of consent; it is erased with the voice.")
    var consent: String?

    func run() async throws {
      guard let size = (try? FileManager.default.attributesOfItem(atPath: file))?[.size] as? Int,
        size <= VoiceConditioning.maximumFileBytes, let data = FileManager.default.contents(atPath: file)
      else {
        throw CommandFailure("can't read \(file), or it has more than \(VoiceConditioning.maximumFileBytes) bytes")
      }
      var request = VoiceRegistration(displayName: name, samples: [])
      request.latents = data
      (request.sourceNote, request.consent) = (sourceNote, consent)
      if let language { request.language = try SpeechFlags.language(language) }
      try await storage.withVoices(creates: true, shape: shape()) { [request] (requests, _) throws(SpeechError) in
        do throws(SpeechError) {
          JSONOutput.line(try await requests.registerVoice(request, context: RequestContext(transport: .commandLine)))
        } catch {
          var error = error
          error.message = error.message.replacing(error.field ?? file, with: file, maxReplacements: 1)
          throw error
        }
      }
    }

    /// The sizes of the model's voices; nil, with a note, when the model can't be read. They are then checked at first use.
    private func shape() -> VoiceShape? {
      do {
        let model = try XTTS(
          files: ModelFiles(ModelDirectory(path: Environment.process.modelDirectory(flag: modelDir))))
        return VoiceShape(
          latentCount: model.conditioner.latentCount, hiddenSize: model.configuration.gpt.hiddenSize,
          speakerSize: model.conditioner.speakerSize)
      } catch {
        StandardError.write("speechbus: the sizes are checked at first use: \(error)")
        return nil
      }
    }
  }
}
