import Foundation
import SpeechCore
import Torch

/// A model directory in the published layout, loaded: `model.pth`, `config.json`, `vocab.json` and, if there,
/// `speakers_xtts.pth`. Weights stay in the mapped file where their form allows.
///
/// The parts share nothing but weights; each is for the thread that calls libtorch.
public final class XTTS {
  public let directory: String
  public let configuration: XTTSConfiguration
  /// All tensors, by name.
  public let weights: ModelWeights
  /// What a ``GPTDecoder`` is made from.
  public let gptWeights: GPTWeights
  public let prompts: PromptBuilder
  public let conditioner: VoiceConditioner
  public let vocoder: Vocoder
  /// The checkpoint's own speakers, in its order.
  public let builtInVoices: [BuiltInVoice]

  /// Positions that the longest prompt and the most codes of a segment take together: a decoder slot's capacity.
  public var longestSequence: Int { prompts.maximumRowCount + configuration.gpt.maximumAudioCodes + 1 }

  /// - Parameter device: for the conditioner and the vocoder.
  /// - Throws: ``ModelError`` `unreadable` or `inconsistent`, naming file, field or tensor.
  public init(directory: String, device: Device = .cpu) throws(ModelError) {
    self.directory = directory
    configuration = try XTTSConfiguration(
      json: try Self.read("config.json", in: directory, limit: XTTSConfiguration.maximumByteCount))
    let markers = try TextMarkers(
      json: try Self.read("vocab.json", in: directory, limit: TextMarkers.maximumByteCount))
    weights = try ModelWeights(path: Self.path("model.pth", in: directory))
    gptWeights = try GPTWeights(weights, configuration: configuration.gpt)
    conditioner = try VoiceConditioner(weights, configuration: configuration, device: device)
    vocoder = try Vocoder(weights, configuration: configuration, device: device)
    prompts = try PromptBuilder(
      gptWeights, latentCount: conditioner.latentCount, startToken: markers.start, stopToken: markers.stop)
    guard conditioner.speakerSize == vocoder.speakerSize else {
      throw ModelError(
        .inconsistent,
        "the speaker encoder makes \(conditioner.speakerSize) values, the vocoder takes \(vocoder.speakerSize)")
    }
    try weights.checkAllUsed()
    builtInVoices = try BuiltInVoices.read(
      path: Self.path("speakers_xtts.pth", in: directory),
      latentValueCount: conditioner.latentCount * configuration.gpt.hiddenSize, speakerSize: vocoder.speakerSize)
  }

  private static func path(_ name: String, in directory: String) -> String {
    URL(fileURLWithPath: directory).appendingPathComponent(name).path
  }

  private static func read(_ name: String, in directory: String, limit: Int) throws(ModelError) -> Data {
    let path = path(name, in: directory)
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? handle.close() }
      // One byte more than is allowed shows that the file is too large.
      return try handle.read(upToCount: limit + 1) ?? Data()
    } catch {
      throw ModelError(.unreadable, "can't read \(path)")
    }
  }
}
