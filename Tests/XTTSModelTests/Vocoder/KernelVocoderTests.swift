import CKernels
import SpeechCore
import Testing

@testable import Checkpoint
@testable import XTTSModel

@Suite struct KernelVocoderTests {
  private let model: TestModel
  private let loaded: XTTS
  private let speaker: [Float]

  init() throws {
    // Two stages are wide enough for tiles, two are not.
    var dimensions = TestModel.dimensions
    dimensions.vocoderChannels = 64
    model = try TestModel(RandomCheckpoint(dimensions))
    loaded = try model.load()
    speaker = noise(try loaded.vocoder.speakerSize, "speaker")
  }

  private func vocoder(
    _ instructionSet: KernelContext.InstructionSet = .best, threads: Int = 2,
    blockSize: Int = KernelVocoderBuffers.blockSize
  ) throws(ModelError) -> KernelVocoder {
    try KernelVocoder(
      loaded.weights, configuration: loaded.configuration,
      context: KernelContext(threads: threads, instructionSet: instructionSet), blockSize: blockSize)
  }

  private static var instructionSets: [KernelContext.InstructionSet] {
    let all = KernelContext.InstructionSet.allCases
    return Array(all.prefix((all.firstIndex(of: .best) ?? 0) + 1))
  }

  /// Both sum the same products in float32, in orders that depend on the processor; the difference was 1.1e-6 on each
  /// processor tried. A single sample may differ by less than one step of 16-bit audio.
  @Test(arguments: instructionSets)
  func matchesTorch(_ instructionSet: KernelContext.InstructionSet) throws {
    let kernels = try vocoder(instructionSet)
    #expect(try kernels.latentSize == loaded.vocoder.latentSize)
    #expect(try kernels.speakerSize == loaded.vocoder.speakerSize)
    for (codeCount, speed) in [(1, Float(1)), (2, 1), (17, 1), (9, 0.8), (9, 1.3)] {
      let latents = noise(codeCount * kernels.latentSize, "latents")
      let timeline = try loaded.vocoder.timeline(speed: speed)
      let window = try #require(try timeline.nextWindow(after: 0, codeCount: codeCount, isComplete: true))
      let used = latents[..<(window.codes.upperBound * kernels.latentSize)]
      let expected = try loaded.vocoder.decode(window, of: timeline, latents: used, speakerEmbedding: speaker)
      let samples = try kernels.decode(latents: latents, speakerEmbedding: speaker, speed: speed)
      try #require(samples.count == expected.count)
      #expect(relativeDifference(samples, expected) < 3e-6)
      #expect(zip(samples, expected).allSatisfy { abs($0 - $1) < 1 / 32_768 })
    }
  }

  /// The samples of a sequence that is decoded in windows of `step` codes each.
  private func joined(
    _ sequence: KernelSequenceVocoder, latents: [Float], size: Int, step: Int
  ) throws(ModelError) -> [Float] {
    let codeCount = latents.count / size
    var samples: [Float] = []
    for start in stride(from: 0, to: codeCount, by: step) {
      let end = min(start + step, codeCount)
      // A window gets only the latents of the codes so far.
      samples += try sequence.decode(
        codes: start..<end, isLast: end == codeCount, latents: Array(latents[..<(end * size)]))
    }
    return samples
  }

  /// Concatenated windows, with blocks of any size and any number of threads, have the same bytes as the sequence at
  /// once.
  @Test(arguments: instructionSets)
  func windowsAreBitwiseTheWholeSequence(_ instructionSet: KernelContext.InstructionSet) throws {
    let codeCount = 30
    let single = try vocoder(instructionSet, threads: 1)
    let size = single.latentSize
    let latents = noise(codeCount * size, "latents")
    for speed in [Float(1), 1.3] {
      let whole = try single.decode(latents: latents, speakerEmbedding: speaker, speed: speed)
      #expect(whole.count == single.timeline(speed: speed).sampleCount(codeCount: codeCount))
      for (threads, blockSize, step) in [(2, 1 << 17, 1), (3, 1 << 17, 7), (2, 3000, 11), (1, 1, 30)] {
        let kernels = try vocoder(instructionSet, threads: threads, blockSize: blockSize)
        let sequence = try kernels.sequence(speakerEmbedding: speaker, speed: speed)
        let windows = try joined(sequence, latents: latents, size: size, step: step)
        #expect(windows.map(\.bitPattern) == whole.map(\.bitPattern))
      }
    }
  }

  /// Sequences in turn, one of them abandoned half way and its state reused, give the same samples as each alone.
  @Test func sequencesDoNotSeeEachOther() throws {
    let kernels = try vocoder()
    let size = kernels.latentSize
    let voices = (0..<3).map { noise(kernels.speakerSize, "speaker \($0)") }
    let latents = (0..<3).map { noise(20 * size, "latents \($0)") }
    let alone = try (0..<3).map { try kernels.decode(latents: latents[$0], speakerEmbedding: voices[$0]) }
    var given = try kernels.sequence(speakerEmbedding: voices[0])
    _ = try given.decode(codes: 0..<16, isLast: false, latents: latents[0])
    given = try kernels.sequence(speakerEmbedding: voices[1])
    let sequences = [try kernels.sequence(speakerEmbedding: voices[0]), given]
    var samples: [[Float]] = [[], []]
    for end in stride(from: 5, through: 20, by: 5) {
      for index in 0..<2 {
        samples[index] += try sequences[index].decode(
          codes: (end - 5)..<end, isLast: end == 20, latents: latents[index])
      }
    }
    #expect(samples == Array(alone[..<2]))
    #expect(try kernels.decode(latents: latents[2], speakerEmbedding: voices[2]) == alone[2])
  }

  /// The number of samples depends only on the codes so far: each window returns all samples that they determine, and
  /// no others.
  @Test func windowsGiveWhatIsCertain() throws {
    let kernels = try vocoder()
    let size = kernels.latentSize
    let timeline = kernels.timeline()
    let latents = noise(40 * size, "latents")
    let sequence = try kernels.sequence(speakerEmbedding: speaker)
    var count = 0
    for end in 1...40 {
      count += try sequence.decode(codes: (end - 1)..<end, isLast: end == 40, latents: latents).count
      #expect(count == timeline.decodableSampleCount(codeCount: end, isComplete: end == 40))
    }
    #expect(count == timeline.sampleCount(codeCount: 40))
  }

  /// The rows of a stage equal those of the receptive field, and the kept rows fit their memory.
  @Test func stagesKeepNoMoreThanTheySay() throws {
    for stage in try vocoder().network.stages {
      let layers = VocoderReceptiveField(layers: [
        .transposedConvolution(kernel: 2 * stage.stride, stride: stage.stride, padding: stage.padding),
        .parallel(stage.blocks.map(\.spans)),
      ])
      for input in 0..<200 {
        let rows = KernelStageRows(stage, input: input, isEnd: false)
        #expect(rows.output == layers.certainSampleCount(frameCount: input))
        var kept = [rows.keptRaw, rows.keptRectified(stage)]
        for (block, pairs) in rows.pairs.enumerated() {
          for pair in pairs.indices {
            kept.append(rows.keptInner(stage, block: block, pair: pair))
            guard pair > 0 else { continue }
            kept.append(rows.keptSum(block: block, pair: pair))
            kept.append(rows.keptRectifiedSum(stage, block: block, pair: pair))
          }
        }
        #expect(kept.allSatisfy { $0.count <= stage.keptRows })
        let end = KernelStageRows(stage, input: input, isEnd: true)
        #expect(end.output == input * stage.stride)
      }
    }
  }

  @Test func unfitArgumentsAreRefused() throws {
    let kernels = try vocoder()
    let size = kernels.latentSize
    #expect(try kernels.decode(latents: [], speakerEmbedding: speaker).isEmpty)
    #expect(throws: ModelError.self) { try kernels.decode(latents: noise(size), speakerEmbedding: [1]) }
    let latents = noise(20 * size)
    let sequence = try kernels.sequence(speakerEmbedding: speaker)
    #expect(throws: ModelError.self) { try sequence.decode(codes: 1..<4, isLast: false, latents: latents) }
    #expect(throws: ModelError.self) { try sequence.decode(codes: 0..<21, isLast: false, latents: latents) }
    _ = try sequence.decode(codes: 0..<20, isLast: true, latents: latents)
    #expect(throws: ModelError.self) { try sequence.decode(codes: 20..<20, isLast: true, latents: latents) }
  }
}
