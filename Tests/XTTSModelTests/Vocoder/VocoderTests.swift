import SpeechCore
import Testing

@testable import XTTSModel

@Suite struct VocoderTests {
  private let model: TestModel
  private let loaded: XTTS
  private let speaker: [Float]

  init() throws {
    model = try TestModel()
    loaded = try model.load()
    speaker = noise(try loaded.vocoder.speakerSize, "speaker")
  }

  /// Concatenated windows compared with the whole sequence at once: the same float32 sums, possibly in another order.
  @Test(arguments: [Float(1), 0.8, 1.3])
  func joinedWindowsAreTheWholeSequence(speed: Float) throws {
    let codeCount = 30
    let size = try loaded.vocoder.latentSize
    let latents = noise(codeCount * size, "latents")
    let whole = try loaded.vocoder.decode(latents: latents, speakerEmbedding: speaker, speed: speed)
    let timeline = try loaded.vocoder.timeline(speed: speed)
    #expect(whole.count == timeline.sampleCount(codeCount: codeCount))
    for step in [1, 7] {
      var joined: [Float] = []
      for count in stride(from: 8, to: codeCount + step, by: step).map({ min($0, codeCount) }) {
        let window = try timeline.nextWindow(
          after: joined.count, codeCount: count, isComplete: count == codeCount)
        guard let window else { continue }
        let part = latents[(window.codes.lowerBound * size)..<(window.codes.upperBound * size)]
        joined += try loaded.vocoder.decode(window, of: timeline, latents: part, speakerEmbedding: speaker)
      }
      try #require(joined.count == whole.count)
      #expect(zip(joined, whole).allSatisfy { abs($0 - $1) <= 1e-5 })
    }
  }

  @Test func theShortestSequencesDecode() throws {
    #expect(try loaded.vocoder.decode(latents: [], speakerEmbedding: speaker).isEmpty)
    for count in 1...3 {
      let wave = try loaded.vocoder.decode(
        latents: noise(count * loaded.vocoder.latentSize), speakerEmbedding: speaker)
      #expect(try wave.count == loaded.vocoder.timeline().sampleCount(codeCount: count))
      #expect(wave.allSatisfy { abs($0) <= 1 })
    }
  }

  @Test func unfitArgumentsAreRefused() throws {
    let size = try loaded.vocoder.latentSize
    #expect(throws: ModelError.self) { try loaded.vocoder.decode(latents: noise(size), speakerEmbedding: [1]) }
  }
}
