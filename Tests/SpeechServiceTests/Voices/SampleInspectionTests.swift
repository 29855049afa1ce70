import Foundation
import SpeechCore
import Testing

@testable import SpeechService

struct SampleInspectionTests {
  private func clip(_ parts: (seconds: Double, gain: Float)...) -> AudioClip {
    let samples = parts.flatMap { part in
      (0..<Int(part.seconds * 16_000)).map { part.gain * sin(Float($0) * 0.2) }
    }
    return AudioClip(samples: samples, sampleRate: 16_000)
  }

  @Test func aGoodClipHasNoWarnings() throws {
    let inspection = SampleInspection(clip((8, 0.4)))
    try inspection.check(field: nil)
    #expect(inspection.warnings.isEmpty)
    #expect(abs(inspection.activeSeconds - 8) < 0.05)
  }

  /// A voice with pauses, and white noise of the given level below full scale.
  private func voice(noise level: Float) -> AudioClip {
    var state: UInt64 = 7
    let samples = (0..<8 * 16_000).map { index -> Float in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let random = Float(state >> 40) / Float(1 << 23) - 1
      let isPause = index % 16_000 > 12_000
      let time = Float(index) / 16_000
      let voice = (1..<6).reduce(Float(0)) { $0 + sin(2 * .pi * 120 * Float($1) * time) / Float($1) }
      return (isPause ? 0 : 0.2 * voice) + level * random
    }
    return AudioClip(samples: samples, sampleRate: 16_000)
  }

  @Test func noiseLowersTheScoreAndIsNamed() throws {
    let clean = SampleInspection(voice(noise: 0.001))
    #expect(try #require(clean.signalToNoise) > 35 && clean.warnings.isEmpty && clean.quality.score == 100)
    let noisy = SampleInspection(voice(noise: 0.1))
    #expect(try abs(#require(noisy.signalToNoise) - 13) < 4)
    #expect(noisy.quality.score < 80 && noisy.warnings.contains { $0.contains("noisy") })
    #expect(SampleInspection(clip((0.5, 0.4))).signalToNoise == nil)
    #expect(SampleInspection(clip((8, 0))).signalToNoise == nil)
  }

  /// Bursts of sound with pauses, which a room prolongs: 300 echoes that fall by 60 dB in the given time.
  private func recording(inRoomOf seconds: Float?) -> AudioClip {
    let rate = 8_000
    var state: UInt64 = 7
    func random() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 23) - 1
    }
    let words = (0..<6 * rate).map { $0 % rate < rate / 4 ? 0.2 * random() : 0 }
    guard let seconds else { return AudioClip(samples: words, sampleRate: rate) }
    var samples = words
    for _ in 0..<300 {
      let time = abs(random()) * seconds
      let delay = 1 + Int(time * Float(rate))
      let gain = 0.2 * random() * pow(10, -3 * time / seconds)
      for index in delay..<samples.count { samples[index] += gain * words[index - delay] }
    }
    return AudioClip(samples: samples, sampleRate: rate)
  }

  @Test func echoLowersTheScoreAndIsNamed() throws {
    #expect(try #require(SampleInspection(recording(inRoomOf: nil)).echoSeconds) < 0.1)
    var scores: [Int] = []
    for seconds: Float in [0.3, 0.6, 0.9] {
      let inspection = SampleInspection(recording(inRoomOf: seconds))
      let estimate = try #require(inspection.echoSeconds)
      #expect(abs(estimate / Double(seconds) - 0.85) < 0.15)
      #expect(inspection.warnings.contains { $0.contains("echo") } == (estimate > 0.5))
      #expect(abs(try #require(inspection.quality.echoSeconds) - estimate) < 0.01)
      scores.append(inspection.quality.score)
    }
    #expect(scores == scores.sorted(by: >) && scores[0] > scores[2] + 15)
    #expect(SampleInspection(clip((8, 0.4))).echoSeconds == nil)
    #expect(SampleInspection(clip((8, 0))).echoSeconds == nil)
  }

  @Test func silenceAndShortSoundAreErrors() {
    let silent = SampleInspection(clip((5, 0)))
    #expect(#expect(throws: SpeechError.self) { try silent.check(field: "f") }?.code == .invalidAudio)
    let short = SampleInspection(clip((5, 0), (0.2, 0.4)))
    #expect(#expect(throws: SpeechError.self) { try short.check(field: "f") }?.code == .audioTooShort)
    #expect(SampleInspection(AudioClip(samples: [], sampleRate: 16_000)).activeSeconds == 0)
  }

  @Test func weaknessesAreNamed() {
    #expect(SampleInspection(clip((2, 0.4))).warnings.contains { $0.contains("only 2.0 s") })
    #expect(SampleInspection(clip((4, 0.4), (6, 0))).warnings == ["more than half of the audio is silence"])
    var loud = clip((8, 3))
    loud.samples = loud.samples.map { min(max($0, -1), 1) }
    #expect(SampleInspection(loud).warnings.contains { $0.contains("clipped") })
    let cut = SampleInspection(clip((30, 0.4)), recordingSeconds: 40)
    #expect(cut.warnings == ["only the first 30 s of a clip are used"])
    #expect(SampleInspection(clip((40, 0.4)), recordingSeconds: 40).warnings.isEmpty)
  }
}
