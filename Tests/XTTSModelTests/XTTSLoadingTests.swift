import Foundation
import SpeechCore
import Testing

@testable import Checkpoint
@testable import XTTSModel

@Suite struct XTTSLoadingTests {
  /// Rewrites the tensors of a checkpoint's `model.pth` and loads the result.
  private func load(
    _ checkpoint: RandomCheckpoint = RandomCheckpoint(TestModel.dimensions),
    changing edit: (inout [(name: String, source: TensorSource)]) throws -> Void
  ) throws -> XTTS {
    let model = try TestModel(checkpoint)
    try model.rewriteTensors(edit)
    return try model.load()
  }

  private func message(changing edit: (inout [(name: String, source: TensorSource)]) throws -> Void) throws -> String {
    do {
      _ = try load(changing: edit)
    } catch let error as ModelError {
      return error.message
    }
    Issue.record("the model loaded")
    return ""
  }

  @Test func loadsWhatTheDirectoryHolds() throws {
    let loaded = try TestModel().load()
    #expect(loaded.gptWeights.layers.count == 2)
    #expect(try loaded.vocoder.speakerSize == 512)
    #expect(loaded.conditioner.latentCount == 32)
    #expect(!loaded.builtInVoices.isEmpty)
    #expect(loaded.builtInVoices.allSatisfy { $0.conditioning.gptLatents.count == 32 * 64 })
    #expect(loaded.longestSequence == 32 + 62 + 81)
  }

  @Test func acceptsAFineTunesNames() throws {
    let loaded = try load { tensors in
      tensors = tensors.map { ("xtts." + $0.name, $0.source) }
      tensors.append(("xtts.dvae.encoder.weight", TensorSource(floats: [1, 2], shape: [2])))
      tensors.append(("torch_mel_spectrogram_dvae.window", TensorSource(floats: [1], shape: [1])))
    }
    #expect(loaded.gptWeights.hiddenSize == 64)
  }

  /// Older files store weight norm as `weight_g` and `weight_v`; some files have it already folded in.
  @Test func acceptsOldAndFoldedWeightNorm() throws {
    let plain = try TestModel().load()
    let old = try load { tensors in
      tensors = tensors.map { name, source in
        let renamed = name.replacing("parametrizations.weight.original0", with: "weight_g")
          .replacing("parametrizations.weight.original1", with: "weight_v")
        return (renamed, source)
      }
    }
    let latents = noise(2 * 64)
    let speaker = noise(512, "speaker")
    let expected = try plain.vocoder.decode(latents: latents, speakerEmbedding: speaker)
    #expect(try old.vocoder.decode(latents: latents, speakerEmbedding: speaker) == expected)
  }

  @Test func acceptsHalfPrecisionStorage() throws {
    var checkpoint = RandomCheckpoint(TestModel.dimensions)
    let exact = try TestModel(checkpoint).load()
    checkpoint.scalarType = .float16
    let half = try TestModel(checkpoint).load()
    let brain = try load { tensors in
      tensors = tensors.map { name, source in
        guard source.scalarType == .float32 else { return (name, source) }
        return (name, Self.brainFloat(source))
      }
    }
    let latents = noise(4 * 64)
    let speaker = noise(512, "speaker")
    let expected = try exact.vocoder.decode(latents: latents, speakerEmbedding: speaker)
    // Half precision keeps eleven bits of each weight, bfloat16 eight.
    for (model, tolerance) in [(half, 0.005), (brain, 0.04)] {
      let wave = try model.vocoder.decode(latents: latents, speakerEmbedding: speaker)
      #expect(relativeDifference(wave, expected) < tolerance)
      let prompt = try model.prompts.prompt(latents: noise(32 * 64), textTokens: [5])
      #expect(prompt.values.allSatisfy { $0.isFinite })
    }
  }

  /// The tensor as bfloat16, rounded towards zero.
  private static func brainFloat(_ source: TensorSource) -> TensorSource {
    TensorSource(.bfloat16, shape: source.shape) { bytes in
      let exact = source.bytes(byteCount: 2 * bytes.count)
      for index in 0..<(bytes.count / 2) {
        bytes[2 * index] = exact[4 * index + 2]
        bytes[2 * index + 1] = exact[4 * index + 3]
      }
    }
  }

  @Test func namesAMissingTensor() throws {
    let message = try message { $0.removeAll { $0.name == "gpt.gpt.h.1.ln_2.bias" } }
    #expect(message.contains("tensor gpt.gpt.h.1.ln_2.bias is missing"))
    #expect(message.contains("[64]"))
  }

  @Test func namesAWrongShapeWithBoth() throws {
    let message = try message { tensors in
      let index = try #require(tensors.firstIndex { $0.name == "gpt.mel_head.weight" })
      tensors[index].source = TensorSource(floats: noise(10 * 64), shape: [10, 64])
    }
    #expect(message.contains("gpt.mel_head.weight has shape [10, 64], expected [130, 64]"))
  }

  @Test func namesATensorWithoutAPlace() throws {
    let message = try message { tensors in
      tensors.append(("gpt.gpt.h.2.ln_1.weight", TensorSource(floats: noise(64), shape: [64])))
    }
    #expect(message.contains("gpt.gpt.h.2.ln_1.weight"))
    #expect(message.contains("[64]"))
  }

  @Test func namesIntegersWhereNumbersBelong() throws {
    let message = try message { tensors in
      let index = try #require(tensors.firstIndex { $0.name == "gpt.mel_head.bias" })
      tensors[index].source = TensorSource(integers: Array(repeating: 1, count: 130), shape: [130])
    }
    #expect(message.contains("gpt.mel_head.bias holds int64"))
  }

  @Test func namesAnotherSpeakerSizeThanTheTensors() throws {
    let model = try TestModel()
    let path = model.directory + "/config.json"
    let right = try String(contentsOfFile: path, encoding: .utf8)
    let wrong = right.replacing(#""d_vector_dim": 512"#, with: #""d_vector_dim": 3"#)
    try #require(wrong != right)
    try wrong.write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: ModelError.self) { try model.load() }
    let message = error?.message ?? ""
    #expect(message.hasPrefix("config.json: model_args.d_vector_dim must be 512, the values of a speaker embedding"))
    #expect(message.hasSuffix("fc.weight, not 3"))
  }

  @Test func namesAMissingFile() throws {
    for name in ["config.json", "vocab.json", "model.pth"] {
      let model = try TestModel()
      try FileManager.default.removeItem(atPath: model.directory + "/" + name)
      do throws(ModelError) {
        _ = try model.load()
        Issue.record("loaded without \(name)")
      } catch {
        #expect(error.code == .unreadable)
        #expect(error.message.contains(name))
      }
    }
  }

  @Test func aModelWithoutSpeakersHasNone() throws {
    let model = try TestModel()
    try FileManager.default.removeItem(atPath: model.directory + "/speakers_xtts.pth")
    #expect(try model.load().builtInVoices.isEmpty)
  }

  @Test func refusesSpeakersOfAnotherModel() throws {
    let model = try TestModel()
    var other = TestModel.dimensions
    other.width = 32
    let foreign = try TestModel(RandomCheckpoint(other))
    let path = model.directory + "/speakers_xtts.pth"
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.copyItem(atPath: foreign.directory + "/speakers_xtts.pth", toPath: path)
    #expect(throws: ModelError.self) { try model.load() }
  }

  @Test func refusesATruncatedFile() throws {
    let model = try TestModel()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: model.weightsPath))
    for count in [0, 10, bytes.count / 2, bytes.count - 1] {
      try bytes.prefix(count).write(to: URL(fileURLWithPath: model.weightsPath))
      #expect(throws: ModelError.self) { try model.load() }
    }
  }
}
