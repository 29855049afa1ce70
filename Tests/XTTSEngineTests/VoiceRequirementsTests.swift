import SpeechCore
import Testing

@testable import XTTSEngine

struct VoiceRequirementsTests {
  private static func clip(_ samples: Int = 24_000, rate: Int = 24_000, value: Float = 0.5) -> AudioClip {
    AudioClip(samples: Array(repeating: value, count: samples), sampleRate: rate)
  }

  @Test(arguments: [
    ([], "there is no reference audio"),
    (Array(repeating: clip(), count: 17), "17 clips of reference audio, at most 16 are allowed"),
    ([clip(rate: 0)], "reference audio has a sample rate of 0"),
    ([clip(100)], "reference audio must be at least 0.33 s long"),
    ([clip(value: .nan)], "reference audio has samples that are not numbers"),
    ([clip(value: 0.0005)], "reference audio is silent"),
  ])
  func unsuitableAudioIsRefused(clips: [AudioClip], message: String) {
    let error = #expect(throws: SpeechError.self) { try VoiceRequirements.check(clips) }
    #expect(error?.message == message)
  }
}
