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
      ([], "a voice needs at least one sample"), ([other], "a voice sample does not match its digest"),
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

  @Test func theVoiceLogPositionOnlyRemembersWhatItIsTold() async throws {
    let temporary = try TemporaryDatabase()
    let store = SQLiteVoiceReplicationStore(try temporary.open())
    #expect(try await store.lastAppliedOffset() == nil)
    try await store.saveAppliedOffset(7)
    try await store.saveAppliedOffset(9)
    #expect(try await store.lastAppliedOffset() == 9)
  }
}
