import Foundation
import SpeechCore
import Testing

@testable import SpeechService

/// The memory that recordings occupy while they are decoded and become voices.
@Suite(.timeLimit(.minutes(1)))
struct VoiceIntakeTests {
  private let budgets = MemoryBudgets(audio: 8 << 20)

  @Test func onlyTheUsedSecondsAreDecodedAndTheClientIsTold() async throws {
    let intake = VoiceIntake(fetcher: nil)
    let recording = VoiceIntake.Recording(audio: try tone(seconds: 45, format: .flac), field: "f")
    let (clip, inspection) = try await intake.clip(recording)
    #expect(clip.samples.count == 30 * 24_000 && clip.samples.capacity < 31 * 24_000)
    #expect(inspection.warnings == ["only the first 30 s of a clip are used"])
    let silent = try tone(seconds: 31, gain: 0, format: .flac)
    await #expect {
      try await intake.clip(VoiceIntake.Recording(audio: silent, field: "f"))
    } throws: { ($0 as? SpeechError)?.code == .invalidAudio }
  }

  @Test func memoryIsTakenByTheHeaderBeforeDecodingAndFreedOnEveryPath() async throws {
    let intake = VoiceIntake(fetcher: nil, budgets: budgets)
    let audio = try tone(seconds: 4)
    let memory = try await intake.memory(for: [VoiceIntake.Recording(audio: audio)])
    #expect(budgets.audio.usedBytes == 4 * 24_000 * 4 + audio.count)
    memory.release()

    let registry = try VoiceFixture().start(budgets: budgets).registry
    _ = try await registry.resolve(.inline(audio))
    _ = try await registry.register(VoiceRegistration(samples: [.inline(audio), .inline(try tone(330))]))
    for bad in [Data("no audio".utf8), try tone(gain: 0)] {
      _ = try? await registry.resolve(.inline(bad))
      _ = try? await registry.register(VoiceRegistration(samples: [.inline(audio), .inline(bad)]))
    }
    #expect(budgets.audio.usedBytes == 0 && budgets.bodies.usedBytes == 0)
  }

  @Test func aRegistrationThatNeedsMoreThanAllIsRefused() async throws {
    let registry = try VoiceFixture().start(budgets: budgets).registry
    let sample = VoiceReference.inline(try tone(seconds: 30, format: .flac))
    let error = await #expect(throws: SpeechError.self) {
      try await registry.register(VoiceRegistration(samples: Array(repeating: sample, count: 3)))
    }
    #expect(error?.code == .audioTooLarge && error?.field == "speaker_wav_base64")
    #expect(error?.message.contains("at most 8388608") == true && error?.isRetryable == false)
    #expect(budgets.audio.usedBytes == 0)
  }

  @Test func recordingsWaitForEachOtherAndAWaiterCanBeCancelled() async throws {
    let fixture = try VoiceFixture()
    let registry = try fixture.start(budgets: budgets).registry
    let others = budgets.audio.reservation()
    try others.take(8 << 20)
    let audio = try tone(seconds: 20, format: .flac)
    let cancelled = Task { try await registry.resolve(.inline(audio)) }
    while budgets.audio.waitingCount < 1 { await Task.yield() }
    cancelled.cancel()
    #expect(await #expect(throws: SpeechError.self) { try await cancelled.value }?.code == .cancelled)
    let voices = try await withThrowingTaskGroup(of: String.self) { group in
      for number in 0..<12 {
        let audio = try tone(Float(200 + 10 * number), seconds: 20, format: .flac)
        group.addTask { try await registry.resolve(.inline(audio)).id }
      }
      while budgets.audio.waitingCount < 12 { await Task.yield() }
      #expect(fixture.engine.callCount == 0)
      others.release()
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(voices.count == 12 && fixture.engine.callCount == 12)
    #expect(budgets.audio.usedBytes == 0 && budgets.audio.waitingCount == 0)
  }

  @Test func aDownloadIsHeldAsABody() async throws {
    let audio = try tone()
    let registry = try VoiceFixture().start(
      fetcher: HeldFetcher(audio: audio, bodies: budgets.bodies), budgets: budgets
    ).registry
    _ = try await registry.register(VoiceRegistration(samples: [.url("http://x/a"), .url("http://x/b")]))
    #expect(budgets.bodies.usedBytes == 0)
    let others = budgets.bodies.reservation()
    try others.take(budgets.bodies.limit)
    let error = await #expect(throws: SpeechError.self) { try await registry.resolve(.url("http://x/c")) }
    #expect(error?.code == .overloaded && error?.field == "speaker_wav_url")
  }

  /// Checks that the memory of the largest download is reserved during the download.
  private struct HeldFetcher: AudioFetcher {
    var audio: Data
    var bodies: ByteBudget

    func fetch(_ url: String, field: String?) async throws(SpeechError) -> Data {
      #expect([0, audio.count].contains(bodies.usedBytes - (10 << 20)))
      return audio
    }
  }
}
