import Checkpoint
import Downloads
import Foundation
import SpeechCore
import TestSupport
import Testing

@Suite struct RandomCheckpointTests {
  let scratch: ScratchDirectory

  init() throws { scratch = try ScratchDirectory() }

  @Test func theDemoIsCompleteAndSmall() throws {
    let path = scratch.path("demo")
    try SmallCheckpoint.write(to: path)
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

  @Test func anUnwritableDirectoryIsAnError() throws {
    let file = scratch.path("file")
    try Data().write(to: URL(fileURLWithPath: file))
    let error = #expect(throws: CheckpointError.self) { try SmallCheckpoint.write(to: "\(file)/demo") }
    #expect(error?.code == .unwritable)
  }
}
