import Foundation
import SpeechCore
import Testing

@testable import SpeechAudio

@Suite struct ReferenceCleanerTests {
  private static let rate = 16_000

  /// Noise, then two seconds of voice over the noise, then noise again.
  private static func recording(noise level: Float, rumble: Float = 0) -> [Float] {
    var state: UInt64 = 3
    return (0..<4 * rate).map { index in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let random = Float(state >> 40) / Float(1 << 23) - 1
      let time = Float(index) / Float(rate)
      let isVoice = (rate..<3 * rate).contains(index) && index % 4_000 < 3_000
      let voice = (1..<8).reduce(Float(0)) { $0 + sin(2 * .pi * 150 * Float($1) * time) / Float($1) }
      return (isVoice ? 0.1 * voice : 0) + level * random + rumble * sin(2 * .pi * 20 * time)
    }
  }

  private func power(_ samples: some Collection<Float>) -> Float {
    samples.reduce(0) { $0 + $1 * $1 } / Float(max(1, samples.count))
  }

  @Test func silenceIsTrimmedAndTheLoudnessSet() throws {
    let clip = AudioClip(samples: Self.recording(noise: 0), sampleRate: Self.rate)
    let cleaned = ReferenceCleaner.cleaned(clip)
    #expect(abs(cleaned.durationSeconds - 2.2) < 0.15 && cleaned.sampleRate == Self.rate)
    let loudness = try #require(Loudness.integrated(cleaned.samples, sampleRate: Self.rate))
    #expect(abs(loudness + 23) < 0.3)
  }

  /// The distance between voice and noise grows, and the voice stays.
  @Test func noiseAndRumbleAreLowered() {
    let noisy = Self.recording(noise: 0.02, rumble: 0.1)
    let cleaned = ReferenceCleaner.cleaned(AudioClip(samples: noisy, sampleRate: Self.rate)).samples
    func ratio(_ samples: [Float]) -> Float {
      let frames = stride(from: 0, to: samples.count - 320, by: 320).map { power(samples[$0..<$0 + 320]) }.sorted()
      return 10 * log10(frames[frames.count * 9 / 10] / frames[frames.count / 20])
    }
    #expect(ratio(cleaned) > ratio(noisy) + 6)
    #expect(cleaned.allSatisfy { abs($0) <= 1 })
  }

  @Test func shortAndSilentClipsAreLeftAlone() {
    for samples in [[], [Float](repeating: 0, count: 20_000), [Float](repeating: 0.1, count: 100)] {
      let cleaned = ReferenceCleaner.cleaned(AudioClip(samples: samples, sampleRate: Self.rate))
      #expect(cleaned.samples.count == samples.count && cleaned.samples.allSatisfy(\.isFinite))
    }
  }

  @Test func theTransformIsTheDefiningSum() {
    let size = 16
    let input = (0..<size).map { Float(($0 * 7) % 5) - 2 }
    let output = FourierTransform(size: size).forward(input, [Float](repeating: 0, count: size))
    for bin in 0..<size {
      let angles = (0..<size).map { -2 * .pi * Float(bin * $0) / Float(size) }
      let re = zip(input, angles).reduce(Float(0)) { $0 + $1.0 * cos($1.1) }
      let im = zip(input, angles).reduce(Float(0)) { $0 + $1.0 * sin($1.1) }
      #expect(abs(output.re[bin] - re) < 1e-3 && abs(output.im[bin] - im) < 1e-3)
    }
  }
}
