import Checkpoint
import Downloads
import Foundation
import SpeechCore
import TestSupport
import Testing

@Suite struct RandomCheckpointTests {
  let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  /// `digests.json` was made by the numpy twin of the generator.
  @Test(arguments: ParityCheckpoint.allCases)
  func weightsEqualTheReferenceBitForBit(parity: ParityCheckpoint) throws {
    let url = try #require(Bundle.module.url(forResource: "digests", withExtension: "json", subdirectory: "Fixtures"))
    let digests = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: url))
    let directory = scratch.path("model")
    try parity.checkpoint.write(to: directory)
    let tensors = try Checkpoint.open("\(directory)/model.pth").tensors(under: "model")
    var bytes = Data()
    for tensor in try XTTSLayout(parity.checkpoint.dimensions).tensors {
      let stored = try #require(tensors[tensor.name])
      #expect(stored.shape == tensor.shape)
      stored.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
    #expect(SHA256.hash(data: bytes).hexadecimal == digests[parity.rawValue])
  }

  @Test func theDemoIsCompleteAndSmall() throws {
    let path = scratch.path("demo")
    try DemoCheckpoint.write(to: path)
    let model = try ModelDirectory(path: path)
    let weights = try Checkpoint.open(model.weightsPath)
    #expect(weights.byteCount < 10_000_000)
    #expect(try weights.tensors(under: "model").count == 639)
    #expect(weights.root["config"]?["model_args"]?["gpt_layers"]?.intValue == 3)

    let speakers = try Checkpoint.open(try #require(model.speakersPath)).root
    #expect(speakers.dictionaryValue?.count == 3)
    for (_, voice) in try #require(speakers.dictionaryValue).entries {
      #expect(voice["gpt_cond_latent"]?.tensorValue?.shape == [1, 32, 128])
      let embedding = try #require(voice["speaker_embedding"]?.tensorValue)
      #expect(embedding.shape == [1, 512, 1])
      #expect(abs(try embedding.floats().map { $0 * $0 }.reduce(0, +) - 1) < 1e-5)
    }
  }

  @Test func thePublishedPickleHoldsInertObjects() throws {
    let directory = scratch.path("model")
    try ParityCheckpoint.wide.checkpoint.write(to: directory)
    guard case .record(let config) = try Checkpoint.open("\(directory)/model.pth").root["config"] else {
      Issue.record("the configuration is not an object")
      return
    }
    #expect(config.typeName == "TTS.tts.configs.xtts_config.XttsConfig")
    #expect(config.fields["model_args"]?["gpt_n_model_channels"]?.intValue == 128)
  }

  @Test func anUnwritableDirectoryIsAnError() throws {
    let file = scratch.path("file")
    try Data().write(to: URL(fileURLWithPath: file))
    let error = #expect(throws: CheckpointError.self) { try DemoCheckpoint.write(to: "\(file)/demo") }
    #expect(error?.code == .unwritable)
  }
}
