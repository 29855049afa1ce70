import ArgumentParser
import Foundation
import SpeechCore
import SpeechService
import XTTSEngine

struct Synthesize: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Speaks one text in this process, without a broker.",
    discussion: """
      With --codes, --greedy or --dump it runs one segment for diagnostics and can write every stage; \
      --text-normalization is then upstream unless it is given. The model is XTTS_MODEL_DIR, its precision \
      XTTS_PRECISION.

      EXAMPLES
        speechbus synthesize "Hello there." -o hello.wav
        speechbus synthesize "Hello there." -o hello.wav --reference-audio me.wav --seed 7
        speechbus synthesize "It costs $5." -o price.wav --text-normalization none --include normalized
        speechbus synthesize "Hello there." -o hello.wav --greedy --codes 60 --dump stages.safetensors
      """)

  @OptionGroup var speech: SpeechFlags
  @OptionGroup var engine: EngineFlags
  @OptionGroup var storage: StorageFlags
  @Option(Settings.decoder) var decoder: String?

  @Option(parsing: .upToNextOption, help: "Audio of the voice to speak with; several files are averaged.")
  var referenceAudio: [String] = []

  @Flag(help: "Diagnostics: take the likeliest code each time.")
  var greedy = false

  @Option(help: "Diagnostics: exactly this many codes, the stop code disabled.")
  var codes: Int?

  @Option(help: "Diagnostics: write every stage's tensors to this safetensors file.")
  var dump: String?

  @Option(
    help: "Diagnostics: use the codes of such a file instead of the sampled ones, and dump the logits of each step.")
  var follow: String?

  mutating func validate() throws {
    // `--reference-audio FILE TEXT`: the last value is the text.
    if speech.text == nil, referenceAudio.count > 1 { speech.text = referenceAudio.removeLast() }
  }

  var chosenDecoder: DecoderChoice { get throws { try Environment.process(Settings.decoder, flag: decoder) } }

  func run() async throws {
    let environment = Environment.process
    let language = try environment(Settings.defaultLanguage)
    do {
      let request = try speech.request(voice: nil, defaultLanguage: language)
      let synthesizer = try await Progress.during("loading the model") {
        try await engine.loadEngine(try engine.findModel(environment), environment, warmsUp: false)
      }
      defer { synthesizer.close() }
      for warning in synthesizer.warnings { StandardError.write("speechbus: \(warning)") }
      let voices = EngineVoices(
        synthesizer: synthesizer, defaultVoicePath: try environment(Settings.defaultVoice),
        decoder: try chosenDecoder.decoder(), registered: try storage.registry(synthesizer: synthesizer))
      let voice =
        referenceAudio.isEmpty
        ? try await voices.resolve(request.voice) : try await voices.voice("reference", files: referenceAudio)
      if greedy || codes != nil || dump != nil || follow != nil {
        try await diagnose(request, voice: voice, on: synthesizer)
      } else {
        try await speak(request, FixedVoice(voice: voice, reference: request.voice, others: voices), on: synthesizer)
      }
    } catch let error as SpeechError {
      throw CommandFailure(error.message)
    }
  }

  private func speak(_ request: SynthesisRequest, _ voice: FixedVoice, on synthesizer: XTTSEngine) async throws {
    let service = SynthesisService(
      synthesizer: synthesizer, voiceCatalog: voice,
      limits: .init(maximumText: 1_000_000, maximumReplyBytes: .max),
      defaults: try speech.reading.defaults(.process), lexicons: try storage.lexicons(),
      modelDirectory: engine.modelDir ?? "", encoder: try chosenDecoder.encoder)
    let file = try OutputFile(speech.output)
    let append: @Sendable (Data) async throws -> Void = { try file.append($0) }
    let reply = try await Progress.during("speaking") {
      try await service.synthesize(
        request, context: RequestContext(transport: .commandLine), onAudio: request.stream ? append : nil)
    }
    if let audio = reply.audio { try file.append(audio) }
    try file.close()
    ReplySummary(reply, path: speech.output).print()
  }
}
