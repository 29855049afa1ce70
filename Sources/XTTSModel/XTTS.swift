import Foundation
import SpeechCore
import Torch

/// The loaded files of a model. Weights stay in the mapped file if their format allows it.
///
/// The parts share only the weights. Only the thread that calls libtorch may use them.
public final class XTTS {
  /// The configuration of `config.json`.
  public let configuration: XTTSConfiguration
  /// All tensors, by name.
  public let weights: ModelWeights
  /// The weights for creating a ``GPTDecoder``.
  public let gptWeights: GPTWeights
  /// Builds the GPT's prompts.
  public let prompts: PromptBuilder
  /// Computes voices from reference audio.
  public let conditioner: VoiceConditioner
  /// The speakers of the checkpoint, in its order.
  public let builtInVoices: [BuiltInVoice]

  /// The number of positions of the longest prompt and the most codes of a segment together: the capacity of a decoder
  /// slot.
  public var longestSequence: Int { prompts.maximumRowCount + configuration.gpt.maximumAudioCodes + 1 }

  private let device: Device
  private var madeVocoder: Vocoder?

  /// - Parameter device: the device of the conditioner and the vocoder.
  /// - Throws: ``ModelError`` `unreadable` or `inconsistent`, naming file, field or tensor.
  public init(files: ModelFiles, device: Device = .cpu) throws(ModelError) {
    self.device = device
    configuration = try XTTSConfiguration(path: files.configuration)
    let markers = try TextMarkers(path: files.vocabulary)
    weights = try ModelWeights(path: files.weights)
    gptWeights = try GPTWeights(weights, configuration: configuration.gpt)
    try Self.check(markers, files, rows: gptWeights.textVocabularySize, languages: configuration.languages)
    conditioner = try VoiceConditioner(weights, configuration: configuration, device: device)
    try Self.check(speakerSize: conditioner.speakerSize, configured: configuration.speakerEmbeddingSize)
    prompts = try PromptBuilder(
      gptWeights, latentCount: conditioner.latentCount, startToken: markers.start, stopToken: markers.stop)
    try weights.checkAllUsed(besides: HiFiGANWeights.prefix)
    if let path = files.speakers {
      builtInVoices = try BuiltInVoices.read(
        path: path, latentValueCount: conditioner.latentCount * configuration.gpt.hiddenSize,
        speakerSize: conditioner.speakerSize)
    } else {
      builtInVoices = []
    }
  }

  /// The vocoder on libtorch, created at the first access.
  public var vocoder: Vocoder {
    get throws(ModelError) {
      if let madeVocoder { return madeVocoder }
      let vocoder = try Vocoder(weights, configuration: configuration, device: device)
      try check(vocoderSpeakerSize: vocoder.speakerSize)
      madeVocoder = vocoder
      return vocoder
    }
  }

  /// Checks a vocoder that was created from the weights: it must accept the embeddings of the speaker encoder, and no
  /// tensor may be left unread.
  public func check(vocoderSpeakerSize: Int) throws(ModelError) {
    guard conditioner.speakerSize == vocoderSpeakerSize else {
      throw ModelError(
        .inconsistent,
        "the speaker encoder makes \(conditioner.speakerSize) values, the vocoder takes \(vocoderSpeakerSize)")
    }
    try weights.checkAllUsed()
  }

  /// Compares the configured size of speaker embeddings with the speaker encoder's tensor.
  private static func check(speakerSize: Int, configured: Int?) throws(ModelError) {
    guard let configured, configured != speakerSize else { return }
    throw ModelError(
      .inconsistent,
      "config.json: model_args.d_vector_dim must be \(speakerSize), the values of a speaker embedding by model.pth's "
        + "\(SpeakerEncoder.outputName), not \(configured)")
  }

  /// Compares the vocabulary with the rows of the text embedding and with the languages of the configuration.
  /// - Throws: ``ModelError`` `inconsistent`, naming both files.
  private static func check(
    _ markers: TextMarkers, _ files: ModelFiles, rows: Int, languages: [Language]
  ) throws(ModelError) {
    guard markers.tokenCount == rows else {
      throw ModelError(
        .inconsistent,
        "\(files.vocabulary) has \(markers.tokenCount) tokens, but the text embedding of \(files.weights) has \(rows) rows: the "
          + "files are from different models")
    }
    guard languages.contains(where: { markers.added.contains("[\($0.rawValue)]") }) else {
      let names = languages.map(\.rawValue).joined(separator: " ")
      throw ModelError(
        .inconsistent, "\(files.configuration) has the languages \(names), but \(files.vocabulary) has a token for none"
      )
    }
  }
}
