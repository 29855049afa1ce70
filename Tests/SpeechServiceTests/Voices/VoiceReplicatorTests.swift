import Foundation
import SQLiteStorage
import SpeechCore
import Synchronization
import Testing

@testable import SpeechService

/// Replicas with their own databases, and a log between them.
struct VoiceReplicatorTests {
  private let log = MemoryReplicaLog()

  /// A replica that runs until it is stopped.
  private final class Replica: Sendable {
    let process: VoiceFixture.Process
    let replicator: VoiceReplicator
    let refusals = Mutex<[VoiceLogRefusal]>([])
    let resets = Mutex(0)
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(_ fixture: VoiceFixture, _ log: MemoryReplicaLog) throws {
      let process = try fixture.start()
      self.process = process
      var timing = VoiceReplicator.Timing()
      timing.poll = .milliseconds(10)
      timing.join = .milliseconds(20)
      timing.erase = .milliseconds(30)
      timing.backOff = RetryBackoff(initial: .milliseconds(1), maximum: .milliseconds(10))
      let events = EventSink()
      replicator = VoiceReplicator(
        store: process.store, lexicons: process.lexicons, position: process.position, log: log, clips: process.clips,
        modelDigest: "m1", keys: { process.database.keyFile.ring }, timing: timing, observe: { events.receive($0) })
      events.handler.withLock {
        $0 = { [weak self] event in
          switch event {
          case .refused(let refusal, _, _): self?.refusals.withLock { $0.append(refusal) }
          case .reset: self?.resets.withLock { $0 += 1 }
          case .problem, .erased: break
          }
        }
      }
    }

    func run() { task.withLock { $0 = Task { [replicator] in await replicator.run() } } }

    func stop() async {
      let task = task.withLock { $0 }
      task?.cancel()
      await task?.value
    }

    var names: [String] { get async throws { try await process.store.voices().map(\.displayName) } }

    func register(_ name: String, _ frequency: Float = 220) async throws -> String {
      try await process.registry.register(
        VoiceRegistration(displayName: name, samples: [.inline(try tone(frequency))])
      ).voiceID
    }

    /// Each lexicon as `id@version:spoken`.
    var lexicons: [String] {
      get async throws {
        try await process.lexicons.lexicons().map { "\($0.id)@\($0.version):\($0.entries.map(\.spoken).joined())" }
      }
    }

    func put(_ id: String, _ spoken: String) async throws {
      let lexicon = Lexicon(id: id, entries: [LexiconEntry(written: "Ng", spoken: spoken)])
      _ = try await process.lexicons.put(lexicon) { _ in
        JournalEntry(record: AuditRecord(action: .putLexicon, requestID: "r", transport: "cli", receivedAt: Date()))
      }
    }

    /// The audit rows of the other replicas' changes.
    var loggedActions: [String] {
      get async throws {
        let lines = Mutex<[String]>([])
        try await SQLiteAuditLog(process.database).export { line in lines.withLock { $0.append(line) } }
        return lines.withLock { $0 }.filter { $0.contains(#""transport":"voice_log""#) }.map {
          $0.contains("names@") ? "lexicon" : $0.contains("register_voice") ? "register" : "delete"
        }
      }
    }
  }

  private final class EventSink: Sendable {
    let handler = Mutex<(@Sendable (VoiceReplicator.Event) -> Void)?>(nil)
    func receive(_ event: VoiceReplicator.Event) { handler.withLock { $0 }?(event) }
  }

  private func eventually(
    _ condition: () async throws -> Bool, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    for _ in 0..<4_000 where try await !condition() { try await Task.sleep(for: .milliseconds(5)) }
    #expect(try await condition(), sourceLocation: sourceLocation)
  }

  /// Two replicas that run, and the fixtures that own their folders.
  private func pair() throws -> (Replica, Replica, [VoiceFixture]) {
    let fixtures = [try VoiceFixture(), try VoiceFixture()]
    let replicas = try fixtures.map { try Replica($0, log) }
    for replica in replicas { replica.run() }
    return (replicas[0], replicas[1], fixtures)
  }

  @Test func aVoiceOfOneReplicaSpeaksOnAnotherWithoutConditioningAndIsAudited() async throws {
    let (one, two, fixtures) = try pair()
    let id = try await one.register("Bo")
    try await eventually { try await two.names == ["Bo"] }
    #expect(
      try await two.process.registry.resolve(.named(id)) == one.process.registry.resolve(.named(id)))
    #expect(fixtures[1].engine.callCount == 0)
    #expect(try await two.process.store.samples(voiceID: id) == one.process.store.samples(voiceID: id))
    log.disconnect()
    try await two.process.registry.delete(id: id)
    try await eventually { try await one.names.isEmpty }
    try await eventually { try await two.loggedActions == ["register"] }
    try await eventually { try await one.loggedActions == ["delete"] }
    #expect(one.replicator.status.description.hasPrefix("following"))
    for replica in [one, two] { await replica.stop() }
  }

  /// The first worker is lost before its reply and its change reach the other.
  @Test func aRegistrationThatAnotherWorkerRepeatsHasTheSameID() async throws {
    let fixtures = [try VoiceFixture(), try VoiceFixture()]
    let replicas = try fixtures.map { try Replica($0, log) }
    let request = VoiceRegistration(displayName: "Bo", samples: [.inline(try tone(220))])
    let context = RequestContext(transport: .amqp, idempotencyKey: "register-bo")
    var ids: Set<String> = []
    for replica in replicas {
      let service = SynthesisService(synthesizer: nil, voiceCatalog: replica.process.registry, modelDirectory: "")
      let requests = RequestHandler(.open(SQLiteRequestJournal(replica.process.database), .success(service)))
      ids.insert(try await requests.registerVoice(request, context: context).voiceID)
    }
    #expect(ids.count == 1)
    for replica in replicas {
      replica.run()
      try await eventually { try await replica.process.position.pendingChanges(limit: 1).isEmpty }
    }
    for replica in replicas {
      #expect(try await replica.names == ["Bo"])
      #expect(replica.replicator.status.description.hasPrefix("following"))
      await replica.stop()
    }
  }

  @Test func lexiconsAndTheirDeletionsReachTheOtherReplicasAndAreAudited() async throws {
    let (one, two, fixtures) = try pair()
    try await one.put("names", "Ing")
    try await one.put("names", "Eng")
    try await eventually { try await two.lexicons == ["names@2:Eng"] }
    try await two.put("names", "Ung")
    try await eventually { try await one.lexicons == ["names@3:Ung"] }
    let late = try Replica(try VoiceFixture(), log)
    late.run()
    try await eventually { try await late.lexicons == ["names@3:Ung"] }
    #expect(try await two.process.lexicons.remove(id: "names", entry: nil))
    for replica in [one, late] { try await eventually { try await replica.lexicons.isEmpty } }
    try await one.put("names", "Ang")
    try await eventually { try await two.lexicons == ["names@5:Ang"] }
    #expect(try await one.loggedActions == ["lexicon", "lexicon"])
    for replica in [one, two, late] { await replica.stop() }
    withExtendedLifetime(fixtures) {}
  }

  /// Both changed the same version; both end with one of them, and no change is lost without a later one.
  @Test func lexiconsThatTwoReplicasChangeAtOnceBecomeEqual() async throws {
    let (one, two, fixtures) = try pair()
    try await one.put("names", "first")
    try await eventually { try await two.lexicons == ["names@1:first"] }
    for round in 0..<3 {
      async let left: Void = one.put("names", "left\(round)")
      async let right: Void = two.put("names", "right\(round)")
      _ = try await (left, right)
      try await eventually {
        let (left, right) = (try await one.lexicons, try await two.lexicons)
        guard left == right, left.first?.hasSuffix("\(round)") == true else { return false }
        let waiting = (try await one.process.lexicons.unpublished(), try await two.process.lexicons.unpublished())
        return waiting.0 == nil && waiting.1 == nil
      }
    }
    for replica in [one, two] { await replica.stop() }
    withExtendedLifetime(fixtures) {}
  }

  /// A replica that was away while the log was lost has an old version; it does not come back.
  @Test func aLostLogGetsTheNewestLexicons() async throws {
    let (one, away, fixtures) = try pair()
    try await one.put("names", "old")
    try await eventually { try await away.lexicons == ["names@1:old"] }
    await away.stop()
    try await one.put("names", "new")
    try await eventually { try await one.process.lexicons.unpublished() == nil }
    log.replace()
    away.run()
    try await eventually { try await away.lexicons == ["names@2:new"] }
    #expect(try await one.lexicons == ["names@2:new"])
    for replica in [one, away] { await replica.stop() }
    withExtendedLifetime(fixtures) {}
  }

  @Test func lexiconsWithoutASignatureOrOutOfBoundsAreRefused() async throws {
    let fixture = try VoiceFixture()
    let replica = try Replica(fixture, log)
    try await replica.process.position.setAcceptsUnsigned(true)
    let large = LexiconEntry(written: String(repeating: "a", count: 201), spoken: "b")
    for (lexicon, isSigned) in [
      (Lexicon(id: "names", entries: []), false), (Lexicon(id: "names", entries: [large]), true),
    ] {
      let change = LexiconChange(id: "names", version: 1, lexicon: lexicon)
      let body = try VoiceChange.lexicon(change, origin: "x").encoded()
      log.append(
        body, isSigned ? replica.process.database.keyFile.ring.current.signature(of: body, as: .voiceLog) : nil)
    }
    replica.run()
    try await eventually { replica.refusals.withLock { $0 } == [.unsigned, .content] }
    #expect(try await replica.lexicons.isEmpty)
    await replica.stop()
  }

  @Test func importedVoicesAndSettingsReachTheOtherReplicasAndTheirDeletionErasesThem() async throws {
    let (one, two, fixtures) = try pair()
    var request = VoiceRegistration(displayName: "Dora", samples: [])
    request.latents = Data(#"{"gpt_cond_latent":[[1.5,2],[3,4]],"speaker_embedding":[8,9]}"#.utf8)
    let dora = try await one.process.registry.register(request).voiceID
    let bo = try await one.register("Bo")
    try await eventually { try await Set(two.names) == ["Dora", "Bo"] }
    #expect(try await two.process.registry.resolve(.named("dora")).conditioning.speakerEmbedding == [8, 9])

    var change = VoiceRegistration(samples: [])
    (change.changedVoiceID, change.settings.conditioningSeconds) = (bo, 5)
    _ = try await two.process.registry.register(change)
    try await eventually { try await one.process.store.voice(id: bo)?.version == 2 }
    #expect(try await one.process.registry.resolve(.named(bo)).conditioning.speakerEmbedding == [5])
    #expect(fixtures[0].engine.callCount == 1 && fixtures[1].engine.callCount == 1)

    try await two.process.registry.delete(id: dora)
    try await eventually { try await one.names == ["Bo"] }
    try await eventually { !self.log.stored().contains { $0.body.range(of: Data("Dora".utf8)) != nil } }
    let stored = try await one.process.store.conditioning(
      voiceID: dora, version: 1, modelDigest: ModelConditioning.imported)
    #expect(stored == nil)
    for replica in [one, two] { await replica.stop() }
  }

  /// Both give one voice other settings, or one deletes it; all end with the same voice.
  @Test func settingsThatTwoReplicasChangeAtOnceBecomeEqualAndADeletionStays() async throws {
    let (one, two, fixtures) = try pair()
    let id = try await one.register("Bo")
    try await eventually { try await two.names == ["Bo"] }
    @Sendable func change(_ replica: Replica, _ seconds: Int) async throws {
      var change = VoiceRegistration(samples: [])
      (change.changedVoiceID, change.settings.conditioningSeconds) = (id, seconds)
      _ = try? await replica.process.registry.register(change)
    }
    for round in 1...3 {
      async let left: Void = change(one, 10 * round)
      async let right: Void = change(two, 10 * round + 1)
      _ = try await (left, right)
      try await eventually {
        let voices = (try await one.process.store.voice(id: id), try await two.process.store.voice(id: id))
        let waiting = (
          try await one.process.position.pendingChanges(limit: 1),
          try await two.process.position.pendingChanges(limit: 1)
        )
        return voices.0 == voices.1 && waiting.0.isEmpty && waiting.1.isEmpty
      }
      let voices = [
        try await one.process.registry.resolve(.named(id)), try await two.process.registry.resolve(.named(id)),
      ]
      #expect(voices[0] == voices[1])
    }
    async let deletion: Void = one.process.registry.delete(id: id)
    async let late: Void = change(two, 99)
    _ = try await (deletion, late)
    for replica in [one, two] { try await eventually { try await replica.names.isEmpty } }
    for replica in [one, two] { await replica.stop() }
    withExtendedLifetime(fixtures) {}
  }

  @Test func whatTheBrokerDidNotConfirmStaysPending() async throws {
    let (fixture, log) = (try VoiceFixture(), log)
    let replica = try Replica(fixture, log)
    _ = try await replica.register("Bo")
    log.fails(true)
    await #expect(throws: SpeechError.self) { try await replica.replicator.publishPending() }
    #expect(try await replica.process.position.pendingChanges(limit: 10).count == 1)
    log.fails(false)
    try await replica.replicator.publishPending()
    #expect(try await replica.process.position.pendingChanges(limit: 10).isEmpty)
    #expect(log.stored().count == 1)
  }

  /// F5 of the adversary's list: after the loss of the log, replicas hear of later changes, and of those before.
  @Test func aLostLogIsNoticedAndHealedFromTheReplicas() async throws {
    let (one, stopped, fixtures) = try pair()
    let kept = try await one.register("kept")
    let gone = try await one.register("gone", 330)
    try await eventually { try await Set(stopped.names) == ["kept", "gone"] }
    await stopped.stop()
    try await one.process.registry.delete(id: gone)
    try await eventually { try await one.process.position.pendingChanges(limit: 1).isEmpty }
    log.replace()
    // The second replica has not read the deletion, and the log that had it is gone.
    let two = try Replica(fixtures[1], log)
    two.run()
    try await eventually { try await two.names == ["kept"] }
    _ = try await two.register("after", 440)
    try await eventually { try await Set(one.names) == ["kept", "after"] }
    try await eventually { one.replicator.status.description.hasPrefix("following, lost and published again") }
    let late = try Replica(try VoiceFixture(), log)
    late.run()
    try await eventually { try await Set(late.names) == ["kept", "after"] }
    #expect(try await late.process.store.voice(id: kept)?.displayName == "kept")
    for replica in [one, two, late] { await replica.stop() }
    withExtendedLifetime(fixtures) {}
  }

  /// F6 of the adversary's list: the log has no trace of a deleted voice but its id, and neither has a new replica.
  @Test func aDeletionErasesTheRecordingFromTheLogAndTheAudioFromReplicas() async throws {
    let (one, two, fixtures) = try pair()
    let kept = try await one.register("kept")
    let id = try await one.register("Bertha", 330)
    try await eventually { try await two.names.count == 2 }
    let requestID = String(repeating: "a", count: 32)
    _ = try await two.process.clips.store(Data([1]), requestID: requestID, format: .wav)
    var spoken = AuditRecord(action: .synthesize, requestID: requestID, transport: "http", receivedAt: Date())
    (spoken.voiceID, spoken.storedPath) = (id, "x.wav")
    try await SQLiteRequestJournal(two.process.database).commit(JournalEntry(record: spoken))

    try await one.process.registry.delete(id: id, removesAudio: true)
    try await eventually { try await two.names == ["kept"] }
    #expect(try await two.process.clips.clip(requestID: requestID) == nil)
    try await eventually { !self.log.stored().contains { $0.body.range(of: Data("Bertha".utf8)) != nil } }
    try await eventually { self.log.stored().contains { $0.body.range(of: Data("kept".utf8)) != nil } }
    #expect(one.resets.withLock { $0 } + two.resets.withLock { $0 } == 0)
    let late = try Replica(try VoiceFixture(), log)
    late.run()
    try await eventually { try await late.process.store.voices().map(\.voiceID) == [kept] }
    try await eventually { try await late.process.store.deletedVoices().map(\.voiceID) == [id] }
    for replica in [one, two, late] { await replica.stop() }
    withExtendedLifetime(fixtures) {}
  }

  /// F7 of the adversary's list: 50 forged or replayed entries; none is applied, each is reported.
  @Test func forgedAndCopiedEntriesAreRefusedAndReported() async throws {
    let (one, two, fixtures) = try pair()
    let id = try await one.register("Alice")
    try await eventually { try await two.names == ["Alice"] }
    let original = try #require(log.stored().first { VoiceChange.decoded($0.body)?.kind == .registered })
    var change = try #require(VoiceChange.decoded(original.body))
    change.voice.version = 1_000
    change.samples[0].audio = try tone(500, format: .flac)
    change.samples[0].digest = SHA256.hash(data: change.samples[0].audio).hexadecimal
    let forged = try change.encoded()
    change.kind = .deleted
    change.voice.deletedAt = Date()
    let deletion = try change.encoded()
    for _ in 0..<10 {
      log.append(forged, nil)
      log.append(forged, original.signature)
      log.append(deletion, "0123456789abcdef:\(String(repeating: "0", count: 64))")
      log.append(original.body, original.signature, isFromReplicas: false)
      log.append(Data("{]".utf8), nil)
    }
    for replica in [one, two] { try await eventually { replica.refusals.withLock { $0.count } == 50 } }
    #expect(
      one.refusals.withLock { Set($0.map(\.label)) } == ["unsigned", "signature", "other_key", "copied"])
    #expect(one.replicator.status.description == "following, 50 entries refused")
    for replica in [one, two] {
      #expect(try await replica.process.store.voice(id: id)?.version == 1)
      #expect(try await replica.names == ["Alice"])
      await replica.stop()
    }
    #expect(try await two.loggedActions == ["register"])
    withExtendedLifetime(fixtures) {}
  }

  /// Values that a replica with the key would not send, but a damaged one might.
  @Test(arguments: [Float.nan, .infinity, 3e38, -1e7])
  func valuesOutOfBoundsAreRefused(value: Float) throws {
    let voice = VoiceRecord(
      voiceID: "v", displayName: "V", language: .english, sampleDigest: "d", createdAt: Date(timeIntervalSince1970: 1))
    let audio = Data([1, 2])
    var change = VoiceChange(kind: .registered, origin: "o", voice: voice)
    change.samples = [
      VoiceSample(
        audio: audio, digest: SHA256.hash(data: audio).hexadecimal, sampleRate: 24_000, durationSeconds: 1)
    ]
    func latents(_ gpt: [Float], _ speaker: [Float]) -> VoiceChange.Latents {
      VoiceChange.Latents(
        ModelConditioning(
          modelDigest: "m", conditioning: VoiceConditioning(gptLatents: gpt, speakerEmbedding: speaker)))
    }
    change.latents = latents([1, 2], [3])
    #expect(VoiceChange.decoded(try change.encoded()) == change)
    for bad in [latents([1, value], [3]), latents([1], [value]), latents([], [1])] {
      change.latents = bad
      #expect(VoiceChange.decoded(try change.encoded()) == nil)
    }
    change.latents = nil
    change.voice.settings = try JSONDecoder().decode(
      CloningSettings.self, from: Data(#"{"gpt_cond_chunk_len":0}"#.utf8))
    #expect(VoiceChange.decoded(try change.encoded()) == nil)
    change.voice.settings = nil
    change.samples[0].audio.append(0)
    #expect(VoiceChange.decoded(try change.encoded()) == nil)
    // Without recordings, a voice needs imported latents.
    change.samples = []
    #expect(VoiceChange.decoded(try change.encoded()) == nil)
    change.latents = latents([1, 2], [3])
    #expect(VoiceChange.decoded(try change.encoded()) == nil)
    change.latents?.modelDigest = ModelConditioning.imported
    #expect(VoiceChange.decoded(try change.encoded()) == change)
  }

  @Test func aReplicaWithAnotherKeySaysSoAndReceivesTheVoicesOnceItHasTheirs() async throws {
    let (fixture, stranger) = (try VoiceFixture(), try VoiceFixture(sharesKey: false))
    let (one, two) = (try Replica(fixture, log), try Replica(stranger, log))
    one.run()
    _ = try await one.register("Alice")
    try await eventually { self.log.stored().count == 2 }
    two.run()
    let (ours, theirs) = (one.process.database.keyFile, two.process.database.keyFile)
    try await eventually { two.replicator.status.otherKey == ours.ring.current.id }
    try await eventually { one.replicator.status.otherKey == theirs.ring.current.id }
    #expect(try await two.names.isEmpty)
    try Data(contentsOf: URL(fileURLWithPath: ours.path)).write(to: URL(fileURLWithPath: theirs.path))
    try await eventually { try await two.names == ["Alice"] }
    for replica in [one, two] { await replica.stop() }
  }

  @Test func changesOfVersionOneAreTakenOverUntilTheDatabaseIsSealed() async throws {
    let (one, two, fixtures) = try pair()
    let id = try await one.register("Old")
    try await eventually { try await two.names == ["Old"] }
    let upgraded = try Replica(try VoiceFixture(), log)
    try await upgraded.process.position.setAcceptsUnsigned(true)
    upgraded.run()
    var change = try #require(
      self.log.stored().compactMap { VoiceChange.decoded($0.body) }.first { $0.voice.voiceID == id })
    change.voice.voiceID = String(repeating: "b", count: 32)
    change.voice.displayName = "From 0.1"
    log.append(try change.encoded(), nil, isFromReplicas: false)
    // The upgraded replica signs it for the others.
    try await eventually { try await Set(two.names) == ["Old", "From 0.1"] }
    #expect(log.stored().contains { $0.signature == nil })
    try await upgraded.process.position.setAcceptsUnsigned(false)
    try await eventually { !self.log.stored().contains { $0.signature == nil } }
    let late = try Replica(try VoiceFixture(), log)
    late.run()
    try await eventually { try await Set(late.names) == ["Old", "From 0.1"] }
    for replica in [one, two, upgraded, late] { await replica.stop() }
    withExtendedLifetime(fixtures) {}
  }
}
