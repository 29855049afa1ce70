import Foundation
import SpeechCore
import Testing

@testable import SpeechService

struct VoiceRegistryTests {
  @Test func aRegisteredVoiceNeedsNoSecondConditioningNotEvenAfterARestart() async throws {
    let fixture = try VoiceFixture()
    let first = try fixture.start()
    let audio = try tone()
    let voice = try await first.registry.register(VoiceRegistration(displayName: " Bo ", samples: [.inline(audio)]))
    #expect(voice.displayName == "Bo")
    #expect(voice.voiceID.count == 32)
    #expect(voice.warnings == nil)
    let resolved = try await first.registry.resolve(.named(voice.voiceID))
    try first.database.close()

    let second = try fixture.start()
    #expect(try await second.registry.resolve(.named(voice.voiceID)) == resolved)
    #expect(try await second.registry.resolve(.named(voice.voiceID)) == resolved)
    #expect(fixture.engine.callCount == 1)
    #expect(fixture.resolved == [.computed, .memory, .database, .memory])
  }

  @Test func anUnnamedVoiceIsCalledByItsID() async throws {
    let process = try VoiceFixture().start()
    let voice = try await process.registry.register(VoiceRegistration(samples: [.inline(try tone(seconds: 1))]))
    #expect(voice.displayName == "Voice \(voice.voiceID.prefix(8))")
    #expect(voice.language == .english)
    #expect(voice.warnings?.first?.contains("6 s") == true)
  }

  @Test func aConsentStatementIsListedAndGoesWithItsVoice() async throws {
    let process = try VoiceFixture().start()
    var request = VoiceRegistration(samples: [.inline(try tone())])
    request.consent = "I agree. Ada"
    let voice = try await process.registry.register(request)
    #expect(voice.consent == nil)
    #expect(try await process.registry.list().compactMap(\.consent) == ["I agree. Ada"])
    #expect(try await process.store.voice(id: voice.voiceID)?.consent == "I agree. Ada")
    try await process.registry.delete(id: voice.voiceID)
    let deleted = try #require(try await process.store.voice(id: voice.voiceID))
    #expect(deleted.deletedAt != nil && deleted.consent == nil)
  }

  @Test func anIDThatAVoiceHadIsNotUsedAgain() async throws {
    let process = try VoiceFixture().start()
    let request = VoiceRegistration(samples: [.inline(try tone())])
    let id = String(repeating: "a", count: 32)
    #expect(try await process.registry.register(request, id: id).voiceID == id)
    try await process.registry.delete(id: id)
    #expect(try await process.registry.register(request, id: id).voiceID != id)
  }

  @Test func theListHasDefaultRegisteredAndBuiltInVoices() async throws {
    let process = try VoiceFixture(speakers: ["Ada", "Bo"]).start()
    let voice = try await process.registry.register(
      VoiceRegistration(displayName: "Cy", language: .german, samples: [.inline(try tone())]))
    let list = try await process.registry.list()
    #expect(list.map(\.voiceID) == ["default", voice.voiceID, "Ada", "Bo"])
    #expect(list[1].language == .german)
  }

  @Test func anIDGoesBeforeASpeakerAndASpeakerBeforeADisplayName() async throws {
    let process = try VoiceFixture(speakers: ["Ada"]).start()
    let (registry, audio) = (process.registry, try tone())
    let anna = try await registry.register(VoiceRegistration(displayName: "Anna Edge", samples: [.inline(audio)]))
    _ = try await registry.register(VoiceRegistration(displayName: "ada", samples: [.inline(audio)]))
    for name in ["Anna Edge", "anna edge", " ANNA EDGE\n", anna.voiceID, anna.voiceID.uppercased()] {
      #expect(try await registry.resolve(.named(name)).id == anna.voiceID, "\(name)")
    }
    #expect(try await registry.resolve(.named("ADA ")).id == "Ada")
    for name in ["Default", " DEFAULT ", " "] { #expect(try await registry.resolve(.named(name)).id == "Ada") }

    let twin = try await registry.register(VoiceRegistration(displayName: "anna EDGE", samples: [.inline(audio)]))
    let ambiguous = await #expect(throws: SpeechError.self) { try await registry.resolve(.named("Anna Edge")) }
    #expect(ambiguous?.code == .ambiguousSpeaker && ambiguous?.field == "speaker_id")
    #expect([anna, twin].allSatisfy { ambiguous?.message.contains($0.voiceID) == true })
    try await registry.delete(id: twin.voiceID)
    #expect(try await registry.resolve(.named("Anna Edge")).id == anna.voiceID)
    let unknown = await #expect(throws: SpeechError.self) { try await registry.resolve(.named("no such voice")) }
    #expect(unknown?.code == .unknownSpeaker)
    #expect(
      ["no such voice", "/v1/audio/voices", "tts.voices.list"].allSatisfy { unknown?.message.contains($0) == true })
  }

  @Test func defaultIsTheFirstSpeakerUnlessAFileIsSet() async throws {
    let fixture = try VoiceFixture()
    let path = fixture.folder + "/default.wav"
    let process = try fixture.start()
    #expect(try await process.registry.resolve(.named("default")).id == "Ada")
    #expect(try await process.registry.resolve(.named("aDA")).id == "Ada")

    try tone(300).write(to: URL(fileURLWithPath: path))
    try await process.registry.useDefaultVoice(path: path)
    let voice = try await process.registry.resolve(.named("default"))
    #expect(voice.id == "default")
    #expect(voice.version == 1)
    try process.database.close()

    let restarted = try fixture.start()
    try await restarted.registry.useDefaultVoice(path: path)
    #expect(try await restarted.registry.resolve(.named("default")) == voice)
    #expect(fixture.engine.callCount == 1)

    try tone(500).write(to: URL(fileURLWithPath: path))
    try await restarted.registry.useDefaultVoice(path: path)
    #expect(try await restarted.registry.resolve(.named("default")).version == 2)
    #expect(try await restarted.registry.list().map(\.voiceID) == ["default", "Ada"])
    #expect(try await restarted.position.pendingChanges(limit: 10).isEmpty)
  }

  @Test func withoutSpeakersTheDefaultIsTheOldestVoice() async throws {
    let process = try VoiceFixture(speakers: []).start()
    let error = await #expect(throws: SpeechError.self) { try await process.registry.resolve(.named("default")) }
    #expect(error?.code == .unknownSpeaker)
    let voice = try await process.registry.register(VoiceRegistration(samples: [.inline(try tone())]))
    #expect(try await process.registry.resolve(.named("default")).id == voice.voiceID)
  }

  @Test func audioSentAlongIsConditionedOnceForAllWhoAsk() async throws {
    let fixture = try VoiceFixture()
    let registry = try fixture.start().registry
    let audio = try tone(format: .flac)
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<16 { group.addTask { try await registry.resolve(.inline(audio)).id } }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(ids.count == 1)
    #expect(ids.first?.hasPrefix("inline:") == true)
    #expect(fixture.engine.callCount == 1)
    for frequency: Float in [300, 400, 500, 600] { _ = try await registry.resolve(.inline(try tone(frequency))) }
    _ = try await registry.resolve(.inline(audio))
    #expect(fixture.engine.callCount == 6)
  }

  @Test func aDeletedVoiceIsUnknown() async throws {
    let process = try VoiceFixture().start()
    let voice = try await process.registry.register(VoiceRegistration(samples: [.inline(try tone())]))
    try await process.registry.delete(id: voice.voiceID)
    for reference in [voice.voiceID, "unknown", "'; DROP TABLE voice", "../x"] {
      let error = await #expect(throws: SpeechError.self) { try await process.registry.resolve(.named(reference)) }
      #expect(error?.code == .unknownSpeaker)
    }
    #expect(
      await #expect(throws: SpeechError.self) { try await process.registry.delete(id: voice.voiceID) }?.code
        == .unknownSpeaker)
    #expect(
      await #expect(throws: SpeechError.self) { try await process.registry.delete(id: "default") }?.code
        == .invalidRequest)
    #expect(
      await #expect(throws: SpeechError.self) { try await process.registry.delete(id: "ada") }?.code
        == .invalidRequest)
  }

  @Test func withoutAModelVoicesAreKeptForLater() async throws {
    let fixture = try VoiceFixture()
    let command = try fixture.start(withModel: false)
    let voice = try await command.registry.register(VoiceRegistration(samples: [.inline(try tone())]))
    #expect(
      await #expect(throws: SpeechError.self) { try await command.registry.resolve(.named(voice.voiceID)) }?.code
        == .modelUnavailable)
    let service = try fixture.start()
    _ = try await service.registry.resolve(.named(voice.voiceID))
    #expect(fixture.resolved == [.computed])
  }

  @Test func badAudioIsRefusedByItsField() async throws {
    let registry = try VoiceFixture().start().registry
    let cases: [(Data, SpeechError.Code)] = [
      (Data("not audio".utf8), .invalidAudio), (try tone(gain: 0), .invalidAudio),
      (try tone(seconds: 0.2), .audioTooShort),
    ]
    for (audio, code) in cases {
      let error = await #expect(throws: SpeechError.self) {
        try await registry.register(VoiceRegistration(samples: [.inline(audio)]))
      }
      #expect(error?.code == code)
      #expect(error?.field == "speaker_wav_base64")
      #expect(await #expect(throws: SpeechError.self) { try await registry.resolve(.inline(audio)) }?.code == code)
    }
    #expect(try await registry.list().count == 2)
  }

  @Test func urlsAreFetchedThroughThePort() async throws {
    let registry = try VoiceFixture().start(fetcher: StubFetcher(audio: try tone())).registry
    let voice = try await registry.register(
      VoiceRegistration(samples: [.url("http://x/a.wav"), .inline(try tone(330))]))
    #expect(try await registry.resolve(.named(voice.voiceID)).conditioning.gptLatents.count == 1)
    #expect(try await registry.resolve(.url("http://x/a.wav")).id.hasPrefix("inline:"))
  }

  private struct StubFetcher: AudioFetcher {
    var audio: Data
    func fetch(_ url: String, field: String?) async throws(SpeechError) -> Data { audio }
  }
}
