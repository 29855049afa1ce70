import Foundation
import SpeechCore
import Testing

@testable import SQLiteStorage

struct SQLiteVoiceStoreTests {
  private func files(_ temporary: TemporaryDatabase) -> [String] {
    let all = FileManager.default.enumerator(atPath: temporary.voiceDirectory)?.allObjects as? [String] ?? []
    return all.filter { $0.hasSuffix(".flac") || $0.hasSuffix(".partial") }
  }

  @Test func aVoiceComesBackWholeAfterReopening() async throws {
    let temporary = try TemporaryDatabase()
    let clips = [makeSample(1), makeSample(2)]
    let first = try temporary.open()
    try await SQLiteVoiceStore(first, voiceDirectory: temporary.voiceDirectory)
      .insert(makeVoice("a"), samples: clips, conditioning: conditioning, isLocal: true)
    try first.close()

    let store = SQLiteVoiceStore(try temporary.open(), voiceDirectory: temporary.voiceDirectory)
    #expect(try await store.voices() == [makeVoice("a")])
    #expect(try await store.samples(voiceID: "a") == clips)
    #expect(try await store.conditioning(voiceID: "a", version: 1, modelDigest: "m1") == conditioning.conditioning)
    #expect(try await store.conditioning(voiceID: "a", version: 1, modelDigest: "m2") == nil)
    #expect(try await store.conditioning(voiceID: "a", version: 2, modelDigest: "m1") == nil)
  }

  @Test func samplesThatDoNotFitTheirVoiceAreNamed() async throws {
    let temporary = try TemporaryDatabase()
    let store = SQLiteVoiceStore(try temporary.open(), voiceDirectory: temporary.voiceDirectory)
    let other = VoiceSample(audio: Data([1]), digest: makeSample(1).digest, sampleRate: 24_000, durationSeconds: 6)
    for (samples, message) in [
      ([], "a voice needs a sample or imported latents"), ([other], "a voice sample does not match its digest"),
    ] {
      let error = await #expect(throws: SpeechError.self) {
        try await store.insert(makeVoice("a"), samples: samples, conditioning: nil, isLocal: true)
      }
      #expect(error?.message == message)
    }
    try await store.insert(makeVoice("b"), samples: [makeSample(1)], conditioning: nil, isLocal: true)
    try FileManager.default.removeItem(atPath: temporary.voiceDirectory)
    let error = await #expect(throws: SpeechError.self) { try await store.samples(voiceID: "b") }
    #expect(error?.message == "a voice's sample file is missing")
  }

  @Test func samplesArePrivateFilesNamedByDigest() async throws {
    let temporary = try TemporaryDatabase()
    let store = SQLiteVoiceStore(try temporary.open(), voiceDirectory: temporary.voiceDirectory)
    try await store.insert(makeVoice("a"), samples: [makeSample(1)], conditioning: nil, isLocal: true)
    let file = try #require(files(temporary).first)
    #expect(file.hasSuffix(makeSample(1).digest + ".flac"))
    let attributes = try FileManager.default.attributesOfItem(atPath: temporary.voiceDirectory + "/" + file)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test func deletionKeepsTheRecordAndRemovesWhatWasHeard() async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let store = SQLiteVoiceStore(database, voiceDirectory: temporary.voiceDirectory)
    let shared = makeSample(1)
    try await store.insert(makeVoice("a"), samples: [shared, makeSample(2)], conditioning: conditioning, isLocal: true)
    try await store.insert(makeVoice("b"), samples: [shared], conditioning: nil, isLocal: true)
    let date = Date(timeIntervalSince1970: 2000)

    #expect(try await store.softDelete(voiceID: "a", at: date, isLocal: true))
    #expect(try await store.softDelete(voiceID: "a", at: date, isLocal: true) == false)
    #expect(try await store.softDelete(voiceID: "x", at: date, isLocal: true) == false)
    #expect(try await store.voice(id: "a")?.deletedAt == date)
    #expect(try await store.voices().map(\.voiceID) == ["b"])
    #expect(try await store.samples(voiceID: "a").isEmpty)
    #expect(try await store.conditioning(voiceID: "a", version: 1, modelDigest: "m1") == nil)
    #expect(files(temporary).map { $0.suffix(69) } == ["\(shared.digest).flac"])

    let changes = try await SQLiteVoiceReplicationStore(database).pendingChanges(limit: 10)
    #expect(changes.map(\.kind) == [.registered, .registered, .deleted])
    #expect(changes.map(\.voiceID) == ["a", "b", "a"])
  }

  @Test func importedLatentsAreErasedWithTheirVoice() async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let store = SQLiteVoiceStore(database, voiceDirectory: temporary.voiceDirectory)
    let values = (0..<64).map { Float($0) * 1.37 + 5 }
    let latents = ModelConditioning(
      modelDigest: ModelConditioning.imported,
      conditioning: VoiceConditioning(gptLatents: values, speakerEmbedding: values.reversed()))
    #expect(try await store.insert(makeVoice("a"), samples: [], conditioning: latents, isLocal: true))
    #expect(try temporary.hold(values.littleEndianBytes))
    #expect(try await store.softDelete(voiceID: "a", at: Date(), isLocal: true))
    #expect(try !temporary.hold(values.littleEndianBytes))
    #expect(try !temporary.hold(Array(values.reversed()).littleEndianBytes))
  }

  @Test func settingsComeBackAndAVersionIsTakenOnce() async throws {
    let temporary = try TemporaryDatabase()
    let store = SQLiteVoiceStore(try temporary.open(), voiceDirectory: temporary.voiceDirectory)
    func insert(_ version: Int, seconds: Int, isLocal: Bool) async throws -> Bool {
      var voice = makeVoice("a", version: version)
      voice.settings = CloningSettings()
      voice.settings?.conditioningSeconds = seconds
      return try await store.insert(voice, samples: [makeSample(1)], conditioning: nil, isLocal: isLocal)
    }
    #expect(try await insert(1, seconds: 10, isLocal: true))
    #expect(try await insert(2, seconds: 20, isLocal: true))
    #expect(try await insert(2, seconds: 30, isLocal: true) == false)
    // Another replica made the same version at the same time: the greater one stays on both.
    #expect(try await insert(2, seconds: 15, isLocal: false) == false)
    #expect(try await insert(2, seconds: 25, isLocal: false))
    #expect(try await store.voice(id: "a")?.settings?.conditioningSeconds == 25)
    #expect(try await store.softDelete(voiceID: "a", at: Date(), isLocal: true))
    #expect(try await insert(3, seconds: 20, isLocal: false) == false)
    let deleted = try #require(try await store.voice(id: "a"))
    #expect(deleted.deletedAt != nil && deleted.settings == nil)
  }

  @Test func storedAudioOfMixesIsRemovedWithAVoice() async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let store = SQLiteVoiceStore(database, voiceDirectory: temporary.voiceDirectory)
    for id in ["a", "b", "c"] {
      try await store.insert(makeVoice(id), samples: [makeSample(1)], conditioning: nil, isLocal: true)
    }
    for (request, voice, others) in [
      ("one", "a", ""), ("mix", "b:0.5,a:0.5", ""), ("text", "b", "b/1,a/1"), ("other", "b", "c/1"),
      ("ca", "ca:0.5,b:0.5", ""),
    ] {
      var record = AuditRecord(action: .synthesize, requestID: request, transport: "http", receivedAt: Date())
      (record.voiceID, record.storedPath, record.settings) = (voice, "x", ["voices": others])
      try await SQLiteAuditLog(database).append(record)
    }
    let removal: VoiceRemoval? = try await store.softDelete(
      voiceID: "a", at: Date(), removesAudio: true, isLocal: true, entry: nil)
    #expect(removal?.clipRequestIDs.sorted() == ["mix", "one", "text"])
  }

  @Test func aDeletedVoiceDoesNotComeBackByRepetition() async throws {
    let temporary = try TemporaryDatabase()
    let store = SQLiteVoiceStore(try temporary.open(), voiceDirectory: temporary.voiceDirectory)
    try await store.insert(makeVoice("a"), samples: [makeSample(1)], conditioning: nil, isLocal: false)
    _ = try await store.softDelete(voiceID: "a", at: Date(), isLocal: false)
    try await store.insert(makeVoice("a"), samples: [makeSample(1)], conditioning: nil, isLocal: false)
    try await store.saveConditioning(conditioning, voiceID: "a", version: 1)
    #expect(try await store.voices().isEmpty)
    #expect(try await store.conditioning(voiceID: "a", version: 1, modelDigest: "m1") == nil)
    #expect(files(temporary).isEmpty)
  }

  @Test func aHigherVersionReplacesSamplesAndLatents() async throws {
    let temporary = try TemporaryDatabase()
    let store = SQLiteVoiceStore(try temporary.open(), voiceDirectory: temporary.voiceDirectory)
    try await store.insert(makeVoice("a"), samples: [makeSample(1)], conditioning: conditioning, isLocal: false)
    try await store.insert(makeVoice("a", version: 2), samples: [makeSample(2)], conditioning: nil, isLocal: false)
    #expect(try await store.samples(voiceID: "a") == [makeSample(2)])
    #expect(try await store.conditioning(voiceID: "a", version: 2, modelDigest: "m1") == nil)
    try await store.saveConditioning(conditioning, voiceID: "a", version: 1)
    #expect(try await store.conditioning(voiceID: "a", version: 1, modelDigest: "m1") == nil)
    #expect(files(temporary).count == 1)
  }

  @Test func aStartSweepsWhatACrashLeft() async throws {
    let temporary = try TemporaryDatabase()
    let store = SQLiteVoiceStore(try temporary.open(), voiceDirectory: temporary.voiceDirectory)
    try await store.insert(makeVoice("a"), samples: [makeSample(1)], conditioning: nil, isLocal: false)
    try store.samples.store(makeSample(9))
    let partial = store.samples.path + "/x.flac.1234.partial"
    try Data("half".utf8).write(to: URL(fileURLWithPath: partial))
    #expect(try await store.removeOrphanedSamples() == 1)
    #expect(files(temporary).count == 1)
    #expect(try await store.samples(voiceID: "a") == [makeSample(1)])
  }

  @Test func hostileIdentifiersAreJustUnknown() async throws {
    let temporary = try TemporaryDatabase()
    let store = SQLiteVoiceStore(try temporary.open(), voiceDirectory: temporary.voiceDirectory)
    for id in ["'; DROP TABLE voice; --", "../../etc/passwd", "", "\0", String(repeating: "x", count: 100_000)] {
      #expect(try await store.voice(id: id) == nil)
      #expect(try await store.softDelete(voiceID: id, at: Date(), isLocal: true) == false)
    }
    #expect(try await store.voices().isEmpty)
  }

  @Test func aSampleChangedOnDiskIsAnError() async throws {
    let temporary = try TemporaryDatabase()
    let store = SQLiteVoiceStore(try temporary.open(), voiceDirectory: temporary.voiceDirectory)
    try await store.insert(makeVoice("a"), samples: [makeSample(1)], conditioning: nil, isLocal: false)
    let file = store.samples.path + "/\(makeSample(1).digest).flac"
    try Data("other".utf8).write(to: URL(fileURLWithPath: file))
    let error = await #expect(throws: SpeechError.self) { try await store.samples(voiceID: "a") }
    #expect(error?.code == .internal)
  }

  @Test func thePositionInTheLogBelongsToItsKeys() async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let store = SQLiteVoiceReplicationStore(database)
    #expect(try await store.logPosition() == nil)
    for offset in [7, 9] as [UInt64] { try await store.save(LogPosition(offset: offset, digest: "d"), nil) }
    #expect(try await store.logPosition() == LogPosition(offset: 9, digest: "d"))
    _ = try database.keyFile.rotate()
    #expect(try await store.logPosition() == nil)
    try await store.save(LogPosition(offset: 9, digest: "d"), nil)
    #expect(try await store.logPosition()?.offset == 9)
    try await store.forgetLog()
    #expect(try await store.logPosition() == nil)
  }

  @Test func whatTheLogDoesNotHaveIsAnnounced() async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let store = SQLiteVoiceStore(database, voiceDirectory: temporary.voiceDirectory)
    let log = SQLiteVoiceReplicationStore(database)
    for id in ["a", "b", "c"] {
      try await store.insert(makeVoice(id), samples: [makeSample(1)], conditioning: nil, isLocal: false)
    }
    _ = try await store.softDelete(voiceID: "c", at: Date(), isLocal: false)
    try await log.save(nil, LoggedVoice(kind: .registered, voiceID: "a", version: 1))
    #expect(try await log.logNeedsErasure() == false)
    for _ in 0..<2 { try await log.announceMissing() }
    #expect(try await log.pendingChanges(limit: 9).map(\.voiceID) == ["c", "b"])
    try await log.save(nil, LoggedVoice(kind: .registered, voiceID: "c", version: 1))
    #expect(try await log.logNeedsErasure())
    try await log.forgetLog()
    #expect(try await log.logNeedsErasure() == false)
  }

  /// F6 of the adversary's list: nothing of the voice is left in the database's files.
  @Test func aDeletedVoiceLeavesNoNameAndNoLatentsInTheFiles() async throws {
    let temporary = try TemporaryDatabase()
    let database = try temporary.open()
    let store = SQLiteVoiceStore(database, voiceDirectory: temporary.voiceDirectory)
    var voice = makeVoice("a")
    (voice.displayName, voice.sourceNote, voice.createdBy) = ("Bertha Name", "consent of Bertha Note", "bertha-user")
    let latents = ModelConditioning(
      modelDigest: "m1",
      conditioning: VoiceConditioning(gptLatents: Array(repeating: 0.1234567, count: 4_000), speakerEmbedding: [1]))
    let registration = KeyedReply(
      key: "k",
      reply: StoredReply(
        fingerprint: "f",
        reply: try JSONEncoder().encode(
          VoiceSummary(
            voiceID: "a", displayName: "Bertha Name", language: .german)), audio: nil))
    var spoken = AuditRecord(action: .synthesize, requestID: "r2", transport: "http", receivedAt: Date())
    (spoken.voiceID, spoken.storedPath) = ("a", "generated/r2.wav")
    let speech = KeyedReply(
      key: "s", reply: StoredReply(fingerprint: "f", reply: Data(#"{"speaker_id":"a"}"#.utf8), audio: Data([1])))
    let record = AuditRecord(action: .registerVoice, requestID: "r1", transport: "http", receivedAt: Date())
    _ = try await store.insert(
      voice, samples: [makeSample(1)], conditioning: latents, isLocal: true,
      entry: JournalEntry(record: record, reply: registration))
    let journal = SQLiteRequestJournal(database)
    try await journal.commit(JournalEntry(record: spoken, reply: speech))
    let needles = [
      Data("Bertha".utf8), Data("bertha-user".utf8), latents.conditioning.gptLatents.littleEndianBytes.prefix(64),
    ]
    #expect(try needles.allSatisfy { try temporary.hold($0) })

    let removal: VoiceRemoval? = try await store.softDelete(
      voiceID: "a", at: Date(), removesAudio: true, isLocal: true, entry: nil)
    #expect(removal?.clipRequestIDs == ["r2"])
    #expect(try needles.map { try temporary.hold($0) } == [false, false, false])
    #expect(try await journal.reply(key: "k")?.reply.isEmpty == false)
    #expect(try await journal.reply(key: "s") == nil)
    #expect(try await store.deletedVoices().map(\.removesAudio) == [true])
  }

  @Test func aRememberedDeletionKeepsAVoiceAway() async throws {
    let temporary = try TemporaryDatabase()
    let store = SQLiteVoiceStore(try temporary.open(), voiceDirectory: temporary.voiceDirectory)
    var gone = makeVoice("a")
    gone.deletedAt = Date(timeIntervalSince1970: 5)
    for _ in 0..<2 { try await store.remember(deleted: gone) }
    #expect(
      try await store.insert(makeVoice("a"), samples: [makeSample(1)], conditioning: nil, isLocal: false) == false)
    #expect(try await store.voices().isEmpty)
    #expect(try await store.deletedVoices().map(\.displayName) == [""])
  }
}
