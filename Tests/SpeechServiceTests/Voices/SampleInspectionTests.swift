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
    #expect(SampleInspection(clip((40, 0.4))).warnings == ["only the first 30 s of a clip are used"])
  }
}
