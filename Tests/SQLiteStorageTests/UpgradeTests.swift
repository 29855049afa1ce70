import Foundation
import SpeechCore
import Testing

@testable import SQLiteStorage

/// A start with the files of version 0.1: a database and the recording of a voice. `Fixtures/version-0.1` has a
/// registered and a deleted voice, a stored reply and four audit rows, as the service of that version left them.
struct UpgradeTests {
  @Test func theFilesOfVersionOneAreTakenOver() async throws {
    let temporary = try TemporaryDatabase()
    let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/version-0.1")
    for name in ["speechbus.sqlite", "voices"] {
      try FileManager.default.copyItem(
        atPath: fixture.appending(path: name).path, toPath: temporary.folder + "/" + name)
    }
    let noted = "0cc55a90c2420f8e7b049b4a6b2ba2319af420458229d5d1a31e65954be989ba"
    #expect(try temporary.hold(Data("Bertha Gone".utf8)))

    let database = try temporary.open()
    let audit = SQLiteAuditLog(database)
    #expect(try await audit.verify(expecting: noted).rowCount == 4)
    #expect(try await audit.usage(UsageQuery(userID: "ada")).map(\.requests) == [1])
    let replies = SQLiteReplyStore(database, maximumAge: 1e12)
    #expect(try await replies.reply(key: "http/synthesize/say-1")?.audio?.count == 18_816)
    #expect(try await replies.reply(key: "http/register/reg-1") != nil)

    let store = SQLiteVoiceStore(database, voiceDirectory: temporary.voiceDirectory)
    let voices = try await store.voices()
    #expect(voices.map(\.displayName) == ["Ada Kept"] && voices.map(\.sourceNote) == ["Ada agreed"])
    #expect(try await store.samples(voiceID: voices[0].voiceID).count == 1)
    // The name of the deleted voice goes, also from the free pages of the file.
    #expect(try await store.deletedVoices().map(\.displayName) == [""])
    #expect(try !temporary.hold(Data("Bertha Gone".utf8)))
    let log = SQLiteVoiceReplicationStore(database)
    #expect(try await log.pendingChanges(limit: 9).map(\.kind) == [.registered, .registered, .deleted])
    #expect(try await log.acceptsUnsigned())
    #expect(try await log.logPosition() == nil)

    try await audit.append(
      AuditRecord(action: .synthesize, requestID: "new", transport: "http", receivedAt: Date()))
    #expect(try await audit.verify(expecting: noted).rowCount == 5)
    // Rows of version 0.1 have no signatures, but the new end has one.
    try await database.pool.write { try $0.execute(sql: "UPDATE audit_end SET unsigned_sequence = 5") }
    await #expect(throws: StorageError.self) { try await audit.verify() }
    try database.close()
    #expect(try await SQLiteVoiceReplicationStore(TemporaryDatabase().open()).acceptsUnsigned() == false)
  }
}
