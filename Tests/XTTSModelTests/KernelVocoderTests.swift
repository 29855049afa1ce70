import CKernels
import ModelStore
import SpeechCore
import Testing

@testable import XTTSModel

@Suite struct KernelVocoderTests {
  private let model: TestModel
  private let loaded: XTTS
  private let speaker: [Float]

  init() throws {
    // Two stages wide enough for tiles, two not.
    var dimensions = TestModel.dimensions
    dimensions.vocoderChannels = 64
    model = try TestModel(RandomCheckpoint(dimensions))
    loaded = try model.load()
    speaker = noise(try loaded.vocoder.speakerSize, "speaker")
  }

  private func vocoder(
    _ instructionSet: KernelContext.InstructionSet = .best, threads: Int = 2,
    frameLimit: Int = KernelVocoder.maximumFrames
  ) throws(ModelError) -> KernelVocoder {
    try KernelVocoder(
      loaded.weights, configuration: loaded.configuration,
      context: KernelContext(threads: threads, instructionSet: instructionSet), frameLimit: frameLimit)
  }

  private static var instructionSets: [KernelContext.InstructionSet] {
    let all = KernelContext.InstructionSet.allCases
    return Array(all.prefix((all.firstIndex(of: .best) ?? 0) + 1))
  }

  /// Both sum the same products in float32, in different orders.
  @Test(arguments: instructionSets)
  func matchesTorch(_ instructionSet: KernelContext.InstructionSet) throws {
    let kernels = try vocoder(instructionSet)
    #expect(try kernels.latentSize == loaded.vocoder.latentSize)
    #expect(try kernels.speakerSize == loaded.vocoder.speakerSize)
    #expect(try kernels.sampleRate == loaded.vocoder.sampleRate)
    for (codeCount, speed) in [(1, Float(1)), (2, 1), (17, 1), (9, 0.8), (9, 1.3)] {
      let latents = noise(codeCount * kernels.latentSize, "latents")
      let timeline = try loaded.vocoder.timeline(speed: speed)
      let window = try #require(try timeline.nextWindow(after: 0, codeCount: codeCount, isComplete: true))
      let used = latents[..<(window.codes.upperBound * kernels.latentSize)]
      let expected = try loaded.vocoder.decode(window, of: timeline, latents: used, speakerEmbedding: speaker)
      let samples = try kernels.decode(latents: latents, speakerEmbedding: speaker, speed: speed)
      try #require(samples.count == expected.count)
      #expect(relativeDifference(samples, expected) < 1e-5)
      #expect(zip(samples, expected).allSatisfy { abs($0 - $1) < 1e-5 })
    }
  }

  /// Joined windows, passes of any length and any number of threads give the very bytes of the sequence at once.
  @Test(arguments: instructionSets)
  func windowsAreBitwiseTheWholeSequence(_ instructionSet: KernelContext.InstructionSet) throws {
    let codeCount = 30
    let single = try vocoder(instructionSet, threads: 1)
    let size = single.latentSize
    let latents = noise(codeCount * size, "latents")
    for speed in [Float(1), 1.3] {
      let whole = try single.decode(latents: latents, speakerEmbedding: speaker, speed: speed)
      #expect(whole.count == single.timeline(speed: speed).sampleCount(codeCount: codeCount))
      for (threads, frameLimit, step) in [(2, 384, 1), (3, 384, 7), (2, 60, 11), (1, 48, 30)] {
        let kernels = try vocoder(instructionSet, threads: threads, frameLimit: frameLimit)
        let timeline = kernels.timeline(speed: speed)
        var joined: [Float] = []
        for count in stride(from: 8, to: codeCount + step, by: step).map({ min($0, codeCount) }) {
          let window = try timeline.nextWindow(
            after: joined.count, codeCount: count, isComplete: count == codeCount)
          guard let window else { continue }
          let part = latents[(window.codes.lowerBound * size)..<(window.codes.upperBound * size)]
          joined += try kernels.decode(window, of: timeline, latents: part, speakerEmbedding: speaker)
        }
        #expect(joined.map(\.bitPattern) == whole.map(\.bitPattern))
      }
    }
  }

  @Test func unfitArgumentsAreRefused() throws {
    let kernels = try vocoder()
    let size = kernels.latentSize
    #expect(try kernels.decode(latents: [], speakerEmbedding: speaker).isEmpty)
    #expect(throws: ModelError.self) { try kernels.decode(latents: noise(size + 1), speakerEmbedding: speaker) }
    #expect(throws: ModelError.self) { try kernels.decode(latents: noise(size), speakerEmbedding: [1]) }
    let narrow = try vocoder(frameLimit: 2)
    #expect(throws: ModelError.self) { try narrow.decode(latents: noise(20 * size), speakerEmbedding: speaker) }
  }
}
