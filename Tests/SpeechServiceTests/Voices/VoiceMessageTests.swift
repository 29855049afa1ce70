import Foundation
import SpeechCore
import Testing

@testable import SpeechService

/// The messages of voices that can't be used or registered.
@Suite(.timeLimit(.minutes(1)))
struct VoiceMessageTests {
  @Test func recordingsThatAreNoneAreRefused() async throws {
    let intake = VoiceIntake(fetcher: nil, maximumStoredBytes: 1000)
    let tone = try tone()
    for (reference, message) in [
      (VoiceReference.url("http://a.example/a.wav"), "downloads are switched off"),
      (.named("Ada"), "a sample must be speaker_wav_base64 or speaker_wav_url"),
      (.inline(tone), "a voice's samples may have at most 1000 bytes together as FLAC"),
    ] {
      let error = await #expect(throws: SpeechError.self) { try await intake.samples([reference]) }
      #expect(error?.message == message)
    }
  }

  @Test func aDefaultVoiceThatCannotBeReadIsNamed() async throws {
    let registry = try VoiceFixture().start().registry
    let error = await #expect(throws: SpeechError.self) { try await registry.useDefaultVoice(path: "/nowhere.wav") }
    #expect(error?.message == "XTTS_DEFAULT_VOICE /nowhere.wav can't be read; name an audio file or unset it")
  }
}
