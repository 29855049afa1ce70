import Foundation
import SpeechCore
import Testing

@testable import Checkpoint

@Suite struct ParityCheckpointTests {
  /// `digests.json` was made by the numpy twin of the generator.
  @Test(arguments: ParityCheckpoint.allCases)
  func weightsEqualTheReferenceBitForBit(parity: ParityCheckpoint) throws {
    let url = try #require(Bundle.module.url(forResource: "digests", withExtension: "json", subdirectory: "Fixtures"))
    let digests = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: url))
    let model = try TestModel(parity.checkpoint)
    let tensors = try Checkpoint.open(model.weightsPath).tensors(under: "model")
    var bytes = Data()
    for tensor in try XTTSLayout(parity.checkpoint.dimensions).tensors {
      let stored = try #require(tensors[tensor.name])
      #expect(stored.shape == tensor.shape)
      stored.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
    #expect(SHA256.hash(data: bytes).hexadecimal == digests[parity.rawValue])
  }

  @Test func thePublishedPickleHoldsInertObjects() throws {
    let model = try TestModel(ParityCheckpoint.wide.checkpoint)
    guard case .record(let config) = try Checkpoint.open(model.weightsPath).root["config"] else {
      Issue.record("the configuration is not an object")
      return
    }
    #expect(config.typeName == "TTS.tts.configs.xtts_config.XttsConfig")
    guard case .int(128) = config.fields["model_args"]?["gpt_n_model_channels"] else {
      Issue.record("the object's fields are missing")
      return
    }
  }
}
