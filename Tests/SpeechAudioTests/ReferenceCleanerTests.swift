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

  /// No frame is lost or moved.
  @Test func loudSpeechKeepsItsPlace() throws {
    for rate in [8_000, 22_050, 48_000] {
      let voice = (0..<2 * rate).map { index in 0.3 * sin(2 * .pi * 440 * Float(index) / Float(rate)) }
      let burst = AudioClip(samples: [Float](repeating: 0, count: rate) + voice, sampleRate: rate)
      let cleaned = ReferenceCleaner.cleaned(burst)
      #expect(abs(cleaned.durationSeconds - 2.1) < 0.05, "\(rate) Hz")
      #expect(power(cleaned.samples.suffix(rate / 10)) > 1e-3, "\(rate) Hz")
    }
  }
}
