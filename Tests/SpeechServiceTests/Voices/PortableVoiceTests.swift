import Foundation
import SpeechCore
import Testing

@testable import SpeechService

/// Cloning settings, imported voices and mixes in the registry.
struct PortableVoiceTests {
  private let fixture: VoiceFixture

  init() throws { fixture = try VoiceFixture(speakers: ["Ada", "Bo"]) }

  private static func file(_ latents: [Float], name: String? = nil) -> Data {
    let name = name.map { #","display_name":"\#($0)","language":"de""# } ?? ""
    return Data(#"{"gpt_cond_latent":[\#(latents),\#(latents)],"speaker_embedding":[1,2]\#(name)}"#.utf8)
  }

  private static func imported(_ latents: [Float], name: String? = nil) -> VoiceRegistration {
    var request = VoiceRegistration(samples: [])
    request.latents = file(latents, name: name)
    return request
  }

  private static func change(_ id: String, seconds: Int?) -> VoiceRegistration {
    var request = VoiceRegistration(samples: [])
    request.changedVoiceID = id
    request.settings.conditioningSeconds = seconds
    return request
  }

  @Test func settingsAreKeptUsedAndRecomputedWhenTheyChange() async throws {
    let first = try fixture.start()
    var request = VoiceRegistration(displayName: "Cy", samples: [.inline(try tone()), .inline(try tone(330))])
    request.settings.conditioningSeconds = 3
    let voice = try await first.registry.register(request)
    #expect(voice.settings == request.settings)
    let before = try await first.registry.resolve(.named("Cy"))
    #expect(before.version == 1 && before.conditioning.speakerEmbedding == [3])

    let changed = try await first.registry.register(Self.change(voice.voiceID, seconds: 7))
    #expect(changed.voiceID == voice.voiceID && changed.settings?.conditioningSeconds == 7)
    #expect(fixture.engine.callCount == 2)
    let after = try await first.registry.resolve(.named("Cy"))
    #expect(after.version == 2 && after.conditioning.speakerEmbedding == [7] && fixture.engine.callCount == 2)
    #expect(try await first.store.samples(voiceID: voice.voiceID).count == 2)
    try first.database.close()

    let second = try fixture.start()
    #expect(try await second.registry.resolve(.named("Cy")) == after)
    #expect(try await second.registry.list()[1].settings?.conditioningSeconds == 7)
    #expect(try await second.registry.register(Self.change(voice.voiceID, seconds: nil)).settings == nil)
    #expect(try await second.registry.resolve(.named("Cy")).conditioning.speakerEmbedding == [1])
    for id in ["nothing", "default", "Ada"] {
      let error = await #expect(throws: SpeechError.self) {
        try await second.registry.register(Self.change(id, seconds: 3))
      }
      #expect(error?.code == .unknownSpeaker && error?.field == "voice_id")
    }
  }

  @Test func withoutAModelChangedSettingsAreUsedLater() async throws {
    let command = try fixture.start(withModel: false)
    let voice = try await command.registry.register(VoiceRegistration(samples: [.inline(try tone())]))
    _ = try await command.registry.register(Self.change(voice.voiceID, seconds: 9))
    #expect(
      try await fixture.start().registry.resolve(.named(voice.voiceID)).conditioning.speakerEmbedding == [9])
  }

  @Test func longRecordingsAreStoredUpToMaxRefLen() async throws {
    let process = try fixture.start()
    let audio = try tone(seconds: 50, rate: 8_000)
    var request = VoiceRegistration(samples: [.inline(audio)])
    let usual = try await process.registry.register(request)
    request.settings.maximumReferenceSeconds = 45
    let long = try await process.registry.register(request)
    #expect(try await process.store.samples(voiceID: usual.voiceID).map(\.durationSeconds) == [30])
    #expect(try await process.store.samples(voiceID: long.voiceID).map(\.durationSeconds) == [45])
    #expect(long.warnings?.contains("only the first 45 s of a clip are used") == true)
  }

  @Test func anImportedVoiceNeedsNoRecording() async throws {
    let first = try fixture.start()
    let voice = try await first.registry.register(Self.imported([1, 2, 3], name: "Dora"))
    #expect(voice.displayName == "Dora" && voice.language == .german && fixture.engine.callCount == 0)
    let resolved = try await first.registry.resolve(.named("dora"))
    #expect(
      resolved.conditioning.gptLatents == [1, 2, 3, 1, 2, 3] && resolved.conditioning.speakerEmbedding == [1, 2])
    #expect(try await first.store.samples(voiceID: voice.voiceID).isEmpty)
    try first.database.close()

    let second = try fixture.start()
    #expect(try await second.registry.resolve(.named("Dora")) == resolved)
    let change = await #expect(throws: SpeechError.self) {
      try await second.registry.register(Self.change(voice.voiceID, seconds: 3))
    }
    #expect(change?.field == "voice_id" && change?.message.contains("without a recording") == true)
    try await second.registry.delete(id: voice.voiceID)
    #expect(
      await #expect(throws: SpeechError.self) { try await second.registry.resolve(.named("Dora")) }?.code
        == .unknownSpeaker)
    let stored = try await second.store.conditioning(
      voiceID: voice.voiceID, version: 1, modelDigest: ModelConditioning.imported)
    #expect(stored == nil)
  }

  @Test func latentsOfAnotherModelAreRefusedAtImportAndAtUse() async throws {
    let command = try fixture.start(withModel: false)
    let voice = try await command.registry.register(Self.imported([1, 2, 3, 4]))
    fixture.engine.shape.withLock { $0 = VoiceShape(latentCount: 2, hiddenSize: 3, speakerSize: 2) }
    let service = try fixture.start()
    let use = await #expect(throws: SpeechError.self) { try await service.registry.resolve(.named(voice.voiceID)) }
    #expect(use?.code == .invalidRequest && use?.field == "speaker_id")
    let refused = await #expect(throws: SpeechError.self) {
      try await service.registry.register(Self.imported([1, 2, 3, 4]))
    }
    #expect(refused?.field == "latents_base64" && refused?.message.contains("2 × 3 and 2") == true)
    _ = try await service.registry.register(Self.imported([1, 2, 3]))
  }

  @Test func aMixIsTheWeightedMean() async throws {
    let registry = try fixture.start().registry
    let one = try await registry.register(Self.imported([1, 2, 3], name: "One"))
    let two = try await registry.register(Self.imported([5, 6, 7], name: "Two"))
    let mix = try await registry.resolve(.named("one:3, \(two.voiceID):1"))
    #expect(mix.conditioning.gptLatents == [2, 3, 4, 2, 3, 4] && mix.conditioning.speakerEmbedding == [1, 2])
    #expect(mix.id == "\(one.voiceID):0.75,\(two.voiceID):0.25")
    #expect(mix.key == "\(one.voiceID)/1:0.75,\(two.voiceID)/1:0.25")
    #expect(try await registry.resolve(.named("One:0.75,Two:0.25")) == mix)
    #expect(try await registry.resolve(.named("Ada:1,default:1")).id == "Ada:0.5,Ada:0.5")
    for (name, code) in [
      ("One:1,Nobody here:1", SpeechError.Code.unknownSpeaker), ("One:1,Ada:1", .invalidRequest),
      ("One:0,Two:1", .invalidRequest),
    ] {
      let error = await #expect(throws: SpeechError.self) { try await registry.resolve(.named(name)) }
      #expect(error?.code == code && error?.field == "speaker_id", "\(name)")
    }
    // A voice may have such a name.
    let odd = try await registry.register(Self.imported([1, 2, 3], name: "A:1,B:2"))
    #expect(try await registry.resolve(.named("A:1,B:2")).id == odd.voiceID)
  }
}
