import Foundation
import SpeechCore
import Testing
import Torch

@testable import Checkpoint
@testable import XTTSModel

/// Compares every stage with upstream's golden tensors. Fixtures/README.md describes their creation and the tolerances.
@Suite(.serialized) struct ParityTests {
  static let cases = [ParityCheckpoint.narrow, .wide]

  @Test(arguments: cases)
  func conditioning(_ checkpoint: ParityCheckpoint) throws {
    let parity = try ParityCase(checkpoint)
    let voice = try parity.load().conditioner.conditioning(from: parity.clips)
    let expected = try parity.voice()
    #expect(relativeDifference(voice.gptLatents, expected.gptLatents) < 1e-4)
    #expect(relativeDifference(voice.speakerEmbedding, expected.speakerEmbedding) < 1e-4)
  }

  @Test(arguments: cases)
  func mel(_ checkpoint: ParityCheckpoint) throws {
    let parity = try ParityCase(checkpoint)
    let loaded = try parity.load()
    let mel = try ConditioningMel(loaded.weights, sampleRate: 22_050, bandCount: 80, device: .cpu)
    let samples = try parity.clips.flatMap { clip in
      try SincResampler(from: clip.sampleRate, to: 22_050)(clip.samples)
    }
    let frames = try mel(try Tensor.from(Array(samples.prefix(4 * 22_050)))).narrowed(2, 0..<64).floats()
    let expected = try parity.floats("mel")
    try #require(frames.count == expected.count)
    #expect(zip(frames, expected).allSatisfy { abs($0 - $1) < 1e-3 })
  }

  /// Sixty greedy codes, each equal, with the first logits and the latents of all steps.
  @Test(arguments: cases)
  func decoding(_ checkpoint: ParityCheckpoint) throws {
    let parity = try ParityCase(checkpoint)
    let loaded = try parity.load()
    let configuration = loaded.configuration.gpt
    let prompt = try loaded.prompts.prompt(
      latents: try parity.voice().gptLatents, textTokens: try parity.integers("text_tokens"))
    let gpt = try TorchGPT(loaded.gptWeights, slotCount: 1, slotCapacity: loaded.longestSequence)
    try gpt.prefill(slot: 0, prompt: prompt, rows: 0..<prompt.rowCount)
    var sampler = CodeSampler(
      parameters: SamplingParameters(repetitionPenalty: 5), seed: 0, configuration: configuration, isGreedy: true,
      suppressedCode: configuration.stopCode)
    let expectedCodes = try parity.integers("codes")
    var codes: [Int] = []
    var latents: [Float] = []
    for index in expectedCodes.indices {
      let row = DecodeRow(
        slot: 0, code: codes.last ?? configuration.startCode, codeIndex: index, promptLength: prompt.rowCount)
      let (logits, hidden) = try gpt.step([row])
      if index == 0 {
        // The stop code is the last one; it was disabled in upstream's run.
        let expected = try parity.floats("first_logits").dropLast()
        #expect(relativeDifference(logits.dropLast(), Array(expected)) < 1e-4)
      }
      latents += hidden
      codes.append(try logits.withUnsafeBufferPointer { row throws(ModelError) in try sampler.next(logits: row) })
    }
    #expect(codes == expectedCodes)
    #expect(relativeDifference(latents, try parity.floats("latents")) < 1e-3)
  }

  @Test(arguments: cases)
  func vocoder(_ checkpoint: ParityCheckpoint) throws {
    let parity = try ParityCase(checkpoint)
    let wave = try parity.load().vocoder.decode(
      latents: try parity.floats("latents"), speakerEmbedding: try parity.voice().speakerEmbedding)
    let noise = relativeDifference(wave, try parity.floats("wav"))
    #expect(-20 * log10(noise) > 60)
  }

  /// The results of the four score processors for a row of logits: the remaining codes and their scores.
  @Test(arguments: cases)
  func processedScores(_ checkpoint: ParityCheckpoint) throws {
    let parity = try ParityCase(checkpoint)
    let configuration = try parity.load().configuration.gpt
    let tokens = try parity.integers("scores_tokens")
    let values = try parity.floats("scores_values")
    let settings: [(Float, Float, Int, Float)] = [
      (5, 0.75, 50, 0.85), (1, 1, 20, 1), (2, 0.3, 50, 0.95), (10, 1.5, 5, 0.5),
    ]
    let seed = checkpoint.checkpoint.seed
    for row in 0..<(tokens.count / 50) {
      let (penalty, temperature, topK, topP) = settings[row % 4]
      var sampler = CodeSampler(
        parameters: SamplingParameters(
          temperature: temperature, topK: topK, topP: topP, repetitionPenalty: penalty),
        seed: 0, configuration: configuration)
      let history = CounterRandom(seed: seed, name: "history.\(row)")
      for index in 0..<(row % 40) {
        sampler.remember(Int(history.bits(index) % UInt64(configuration.audioCodeCount - 2)))
      }
      let random = CounterRandom(seed: seed, name: "scores.\(row)")
      let logits = (0..<configuration.audioCodeCount).map { 4 * random.symmetric($0) }
      let scores = try logits.withUnsafeBufferPointer { buffer throws(ModelError) in
        try sampler.processed(logits: buffer)
      }
      let kept = scores.indices.filter { scores[$0] > -.infinity }
      let expected = tokens[(row * 50)..<((row + 1) * 50)].filter { $0 >= 0 }
      #expect(kept == expected.sorted(), "row \(row)")
      for (rank, code) in expected.enumerated() {
        #expect(abs(scores[code] - values[row * 50 + rank]) <= 1e-5 * abs(values[row * 50 + rank]))
      }
    }
  }
}
