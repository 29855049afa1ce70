import Foundation
import SpeechAudio
import SpeechCore
import TestSupport
import Testing

@testable import speechbus

/// The voices of a command that can't be used.
struct EngineVoicesTests {
  /// A model without speakers that fails to compute voices.
  private struct FailingSynthesizer: SpeechSynthesizer {
    struct Failure: Error {}
    let model = ModelDescription(repo: "test", revision: "1", sha256: "", precision: "float32", device: "cpu")
    let languages: [Language] = [.english]
    let builtInVoices: [BuiltInVoice] = []
    let defaultSampling = SamplingParameters()

    func conditioning(from clips: [AudioClip], settings: CloningSettings) async throws -> VoiceConditioning {
      throw Failure()
    }
    func synthesize(_ job: SynthesisJob) -> AsyncThrowingStream<SynthesisEvent, any Error> {
      AsyncThrowingStream { $0.finish() }
    }
  }

  @Test func voicesThatCannotBeUsedAreNamed() async throws {
    let voices = EngineVoices(
      synthesizer: FailingSynthesizer(), defaultVoicePath: nil, decoder: AudioDecoder(), registered: nil)
    let tone = try AudioEncoder.encode((0..<24_000).map { sin(Float($0) / 20) }, format: .wav, sampleRate: 24_000)
    for (reference, message) in [
      (
        VoiceReference.named("default"),
        "the model has no built-in speaker: give reference audio or set XTTS_DEFAULT_VOICE"
      ), (.named("Ada"), "the model has no speaker Ada, and --database names no registered voices"),
      (.url("http://a.example/a.wav"), "a URL needs the service"), (.inline(tone), "conditioning failed (Failure)"),
    ] {
      let error = await #expect(throws: SpeechError.self) { try await voices.resolve(reference) }
      #expect(error?.message == message)
    }
    let missing = await #expect(throws: SpeechError.self) { try await voices.voice("x", files: ["/nowhere.wav"]) }
    #expect(missing?.message == "can't read /nowhere.wav")
    let refused = await #expect(throws: SpeechError.self) {
      try await voices.delete(id: "x", removesAudio: false, entry: nil)
    }
    #expect(refused?.message == "voices are registered with the service")
  }
}
