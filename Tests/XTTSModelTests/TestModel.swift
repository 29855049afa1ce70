import Foundation
import TestSupport
import Testing

@testable import Checkpoint
@testable import XTTSModel

/// A small random checkpoint in a separate folder, which is removed after the last test that uses it.
final class TestModel: Sendable {
  let directory: String

  /// All layers are narrow, so that it is fast in a debug build.
  static var dimensions: XTTSDimensions {
    var dimensions = XTTSDimensions()
    dimensions.layerCount = 2
    dimensions.width = 64
    dimensions.headCount = 4
    dimensions.textTokenCount = DemoVocabulary.tokenCount
    dimensions.audioCodeCount = 130
    dimensions.maximumTextTokens = 60
    dimensions.maximumAudioCodes = 80
    dimensions.conditioningLayerCount = 2
    dimensions.vocoderChannels = 32
    dimensions.speakerChannels = [8, 8, 16, 16]
    dimensions.speakerBlockCounts = [1, 1, 1, 1]
    return dimensions
  }

  init(_ checkpoint: RandomCheckpoint = RandomCheckpoint(TestModel.dimensions)) throws {
    directory =
      FileManager.default.temporaryDirectory
      .appendingPathComponent("xtts-model-\(UUID().uuidString)").path
    try checkpoint.write(to: directory)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  func load() throws(ModelError) -> XTTS { try XTTS(files: ModelFiles(directory: directory)) }

  var weightsPath: String { directory + "/model.pth" }

  /// Writes `model.pth` again after `edit` has changed its tensors.
  func rewriteTensors(_ edit: (inout [(name: String, source: TensorSource)]) throws -> Void) throws {
    var tensors = try Checkpoint.open(weightsPath).tensors(under: "model")
      .sorted { $0.key < $1.key }.map { (name: $0.key, source: TensorSource($0.value)) }
    try edit(&tensors)
    let values = tensors.map { ($0.name, TorchValue.tensor($0.source)) }
    try TorchZipWriter.write(.dictionary([("model", .dictionary(values))]), to: weightsPath)
  }

  /// The sizes of the published model that a timeline needs.
  static func configuration() throws(ModelError) -> XTTSConfiguration {
    let json = """
      {"model_args": {
        "gpt_layers": 30, "gpt_n_model_channels": 1024, "gpt_n_heads": 16, "gpt_max_audio_tokens": 605,
        "gpt_max_text_tokens": 402, "gpt_num_audio_tokens": 1026, "gpt_start_audio_token": 1024,
        "gpt_stop_audio_token": 1025, "gpt_code_stride_len": 1024, "gpt_use_perceiver_resampler": true,
        "input_sample_rate": 22050, "output_sample_rate": 24000, "output_hop_length": 256}}
      """
    return try XTTSConfiguration(json: Data(json.utf8))
  }
}

/// Numbers in -1..<1 that are the same in every run.
func noise(_ count: Int, _ name: String = "noise") -> [Float] {
  let random = CounterRandom(seed: 1, name: name)
  return (0..<count).map(random.symmetric)
}

/// |a - b| / |b|, or infinity for unequal counts.
func relativeDifference(_ a: [Float], _ b: [Float]) -> Double {
  guard a.count == b.count else { return .infinity }
  var difference = 0.0
  var length = 0.0
  for (x, y) in zip(a, b) {
    difference += (Double(x) - Double(y)) * (Double(x) - Double(y))
    length += Double(y) * Double(y)
  }
  return (difference / max(length, 1e-30)).squareRoot()
}
