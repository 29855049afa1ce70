import SpeechCore
import Testing

@testable import XTTSEngine

extension EngineRuns {
  @Suite struct EngineConditioningTests {
    func tone(seconds: Double, amplitude: Float = 0.5) -> AudioClip {
      let samples = (0..<Int(seconds * 22_050)).map { index in
        amplitude * (index / 50).isMultiple(of: 2).asSign * Float(index % 50) / 50
      }
      return AudioClip(samples: samples, sampleRate: 22_050)
    }

    @Test func makesAVoiceThatSpeaks() async throws {
      let engine = try await SmallModel.engine()
      let voice = try await engine.conditioning(from: [tone(seconds: 1)])
      #expect(voice.gptLatents.count == 32 * 64 && voice.speakerEmbedding.count == 512)
      var job = engine.job("Hello.")
      job.voice = voice
      #expect(try await engine.hear(job).samples.isEmpty == false)
    }

    @Test func refusesWhatIsNoVoice() async throws {
      let engine = try await SmallModel.engine()
      let bad: [([AudioClip], SpeechError.Code)] = [
        ([], .invalidAudio), ([tone(seconds: 0.2)], .audioTooShort), ([tone(seconds: 1, amplitude: 0)], .invalidAudio),
        ([tone(seconds: 1, amplitude: .nan)], .invalidAudio),
        ([AudioClip(samples: [0.5], sampleRate: 0)], .invalidAudio),
      ]
      for (clips, code) in bad {
        do {
          _ = try await engine.conditioning(from: clips)
          Issue.record("expected \(code)")
        } catch let error as SpeechError {
          #expect(error.code == code)
        }
      }
    }
  }
}

extension Bool {
  fileprivate var asSign: Float { self ? 1 : -1 }
}
