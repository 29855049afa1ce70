import Testing

@testable import XTTSModel

@Suite struct VocoderTimelineTests {
  /// The published vocoder's layers.
  static let field = VocoderReceptiveField(layers: [
    .convolution(reach: 3),
    .transposedConvolution(kernel: 16, stride: 8, padding: 4), .convolution(reach: 60),
    .transposedConvolution(kernel: 16, stride: 8, padding: 4), .convolution(reach: 60),
    .transposedConvolution(kernel: 4, stride: 2, padding: 1), .convolution(reach: 60),
    .transposedConvolution(kernel: 4, stride: 2, padding: 1), .convolution(reach: 60),
    .convolution(reach: 3),
  ])

  /// Layers with convolutions in tiles of different lengths beside each other.
  static let tiledField = VocoderReceptiveField(layers: [
    .convolution(reach: 3), .transposedConvolution(kernel: 16, stride: 8, padding: 4),
    .parallel([
      [.init(tile: 4, before: 1, after: 2), .init(tile: 12, before: 9, after: 12)],
      [.init(tile: 20, before: 25, after: 30), .init(tile: 4, before: 5, after: 6)],
    ]),
    .convolution(reach: 3),
  ])

  private func timeline(speed: Float = 1) throws -> VocoderTimeline {
    VocoderTimeline(configuration: try TestModel.configuration(), receptiveField: Self.field, speed: speed)
  }

  /// Measured on the published model: an output depends on frames less than 12.64 away.
  @Test func theReceptiveFieldIsThePublishedOne() {
    #expect(Self.field.samplesPerFrame == 256)
    let sample = Self.field.frames(for: (1000 * 256)..<(1000 * 256 + 1))
    #expect(sample == 987..<1013)
    let last = Self.field.frames(for: (1000 * 256 + 255)..<(1000 * 256 + 256))
    #expect(last == 988..<1014)
    #expect(Self.field.frames(for: 5..<5).isEmpty)
  }

  @Test func lengthsAreUpstreams() throws {
    let timeline = try timeline()
    #expect(timeline.sampleCount(codeCount: 60) == 66_816)
    #expect(timeline.sampleCount(codeCount: 0) == 0)
    #expect(try self.timeline(speed: 0.8).sampleCount(codeCount: 60) == 83_456)
    #expect(try self.timeline(speed: 1.3).sampleCount(codeCount: 60) == 51_200)
  }

  /// What `torch.nn.functional.interpolate` gives for [0, 1, 2, 3].
  @Test func interpolationIsLibtorchs() {
    let values: [Float] = [0, 1, 2, 3]
    let stretched = { (scale: Double) in
      let stage = LinearInterpolation(scale: scale)
      return (0..<stage.outputCount(4)).map { output in
        let tap = stage.tap(output, inputCount: 4)
        return values[tap.first] * (1 - tap.weight) + values[tap.second] * tap.weight
      }
    }
    #expect(stretched(2) == [0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3])
    #expect(stretched(0.5) == [0.5, 2.5])
    let copied = LinearInterpolation(scale: 1.2, copiesEqualLength: true)
    #expect(copied.outputCount(4) == 4)
    #expect((0..<4).map { copied.tap($0, inputCount: 4) } == (0..<4).map { .init(first: $0, second: $0, weight: 0) })
    #expect(copied.certainOutputCount(4) == 0)
  }

  @Test(arguments: [Float(1), 0.5, 0.8, 0.97, 1.1, 2])
  func whatIsDecodableStaysTheSameWhenCodesFollow(speed: Float) throws {
    let timeline = try timeline(speed: speed)
    var before = 0
    for count in 0...60 {
      let decodable = timeline.decodableSampleCount(codeCount: count, isComplete: false)
      #expect(decodable >= before)
      #expect(decodable <= timeline.decodableSampleCount(codeCount: count, isComplete: true))
      before = decodable
      guard let early = try timeline.nextWindow(after: 0, codeCount: count, isComplete: false) else { continue }
      #expect(early.codes.upperBound <= count)
      // The same samples asked for when all is known need the same frames, mixed from the same codes.
      let late = try timeline.window(samples: early.samples, codeCount: 61, isComplete: true)
      #expect(late.frames == early.frames)
      #expect(late.codes == early.codes)
      for (index, stage) in timeline.stages.enumerated() {
        for row in early.stretch.rows[index + 1] {
          #expect(stage.tap(row, inputCount: nil) == stage.tap(row, inputCount: late.stretch.totals[index]))
        }
      }
    }
  }

  @Test func theFirstWindowComesAfterEightCodes() throws {
    let window = try #require(try timeline().nextWindow(after: 0, codeCount: 8, isComplete: false))
    #expect(window.samples.count / 256 == 19)
    #expect(window.codes == 0..<8)
  }

  /// Forward and back: the samples that so many frames decide are all whose frames are among them.
  @Test(arguments: [field, tiledField])
  func certainSamplesAreThoseWhoseFramesAreThere(field: VocoderReceptiveField) {
    for frameCount in 0...60 {
      let samples = field.certainSampleCount(frameCount: frameCount)
      #expect(samples == 0 || field.frames(for: 0..<samples).upperBound <= frameCount)
      #expect(field.frames(for: 0..<(samples + 1)).upperBound > frameCount)
    }
  }

  @Test func laterWindowsLeaveOutCodesLongPast() throws {
    let timeline = try timeline()
    let window = try #require(
      try timeline.nextWindow(after: 100 * 1024, codeCount: 200, isComplete: true))
    #expect(window.codes.lowerBound > 80)
    #expect(window.keptSamples.count == window.samples.count)
    #expect(window.samples.upperBound == timeline.sampleCount(codeCount: 200))
    #expect(try timeline.nextWindow(after: window.samples.upperBound, codeCount: 200, isComplete: true) == nil)
  }

  @Test func samplesThatAreNotThereYetAreRefused() throws {
    let timeline = try timeline()
    #expect(throws: ModelError.self) { try timeline.window(samples: 0..<100_000, codeCount: 9, isComplete: false) }
    #expect(throws: ModelError.self) { try timeline.window(samples: -5..<10, codeCount: 9, isComplete: true) }
  }
}
