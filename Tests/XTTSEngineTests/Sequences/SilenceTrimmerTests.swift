import TestSupport
import Testing

@testable import XTTSEngine

@Suite struct SilenceTrimmerTests {
  @Test func cutsDoNotMatterAndTheEndIsShortened() {
    var random = SplitMix64(seed: 7)
    let samples: [Float] = (0..<4000).map { index in
      index > 3000 || (index / 300).isMultiple(of: 3) ? 0.001 : Float.random(in: -1...1, using: &random)
    }
    let lastSound = samples.lastIndex { abs($0) > SilenceTrimmer.threshold } ?? 0
    for _ in 0..<50 {
      var trimmer = SilenceTrimmer(keptSamples: 100)
      var out: [Float] = []
      var start = 0
      while start < samples.count {
        let end = min(samples.count, start + Int.random(in: 1...700, using: &random))
        out += trimmer.push(Array(samples[start..<end]))
        start = end
      }
      out += trimmer.finish()
      #expect(out == Array(samples[...(lastSound + 100)]))
    }
  }

  @Test func keepsAllWhenAskedTo() {
    var trimmer = SilenceTrimmer(keptSamples: nil)
    #expect(trimmer.push([0, 0, 0]) + trimmer.push([0]) + trimmer.finish() == [0, 0, 0, 0])
  }

  @Test func shortSilenceStays() {
    var trimmer = SilenceTrimmer(keptSamples: 100)
    #expect(trimmer.push([1, 0, 0]) == [1])
    #expect(trimmer.finish() == [0, 0])
    #expect(trimmer.finish() == [])
  }
}
