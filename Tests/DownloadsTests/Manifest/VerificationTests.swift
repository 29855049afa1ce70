import Foundation
import SpeechCore
import Testing

@testable import Downloads

@Suite struct VerificationTests {
  @Test func everyFileGetsItsFinding() async throws {
    try await PullFixture.with { fixture in
      try await fixture.modelHub().pull(into: fixture.folder)
      var damaged = fixture.files["vocab.json"] ?? []
      damaged[7] ^= 1
      try fixture.write(damaged, "vocab.json")
      try fixture.write([1, 2], "config.json")
      try FileManager.default.removeItem(atPath: fixture.path("speakers_xtts.pth"))
      try FileManager.default.removeItem(atPath: fixture.path("LICENSE.txt"))
      try FileManager.default.removeItem(atPath: fixture.path("model.pth"))
      try FileManager.default.createDirectory(
        atPath: fixture.path("model.pth"), withIntermediateDirectories: false)

      let report = try await ModelVerifier.verify(directory: fixture.folder, manifest: fixture.manifest())
      #expect(!report.isIntact)
      let findings = Dictionary(uniqueKeysWithValues: report.files.map { ($0.expected.name, $0.finding) })
      #expect(findings["config.json"] == .wrongLength(found: 2))
      #expect(findings["speakers_xtts.pth"] == .missing)
      #expect(findings["LICENSE.txt"] == .absentOptional)
      guard case .wrongDigest(let found)? = findings["vocab.json"] else {
        Issue.record("vocab.json: \(String(describing: findings["vocab.json"]))")
        return
      }
      #expect(found.count == 64)
      guard case .unreadable? = findings["model.pth"] else {
        Issue.record("model.pth: \(String(describing: findings["model.pth"]))")
        return
      }
      #expect(report.description.contains("config.json: has 2 bytes; it must have 4368"))
      #expect(report.description.contains("speakers_xtts.pth: missing"))
    }
  }

  @Test func theManifestOutweighsAChangedRecord() async throws {
    try await PullFixture.with { fixture in
      try await fixture.modelHub().pull(into: fixture.folder)
      // A process that replaces a file may also write the new digest into the record.
      let content = PullFixture.bytes(fixture.files["vocab.json"]?.count ?? 0, seed: 1)
      try fixture.write(content, "vocab.json")
      let record = try #require(try ModelRecord(directory: fixture.folder))
      let digest = ContentDigest.sha256(SHA256.hash(data: content).hexadecimal)
      let forged = ModelRecord(
        repositoryID: record.repositoryID, revision: record.revision, requestedRevision: record.requestedRevision,
        files: record.files.map {
          $0.name == "vocab.json"
            ? RepositoryFile(
              name: $0.name, byteCount: content.count, digest: digest, isRequired: true) : $0
        })
      try forged.write(into: fixture.folder)
      let report = try await ModelVerifier.verify(directory: fixture.folder, manifest: fixture.manifest())
      #expect(report.files.filter { !$0.isIntact }.map(\.expected.name) == ["vocab.json"])
    }
  }

  @Test func aPlainFolderIsComparedWithThePinnedModel() async throws {
    try await PullFixture.with { fixture in
      for (name, content) in fixture.files { try fixture.write(content, name) }
      let report = try await ModelVerifier.verify(directory: fixture.folder, manifest: fixture.manifest())
      #expect(report.isIntact)
    }
  }

  @Test func anotherModelIsComparedWithItsOwnRecord() async throws {
    try await PullFixture.with { fixture in
      for name in ["model.pth", "config.json", "vocab.json"] { try fixture.write([1, 2, 3], name) }
      let unknown = await #expect(throws: DownloadError.self) {
        try await ModelVerifier.verify(directory: fixture.folder, manifest: fixture.manifest())
      }
      #expect(unknown?.code == .invalidManifest && unknown?.message.contains("--record") == true)
      try ModelRecord(ofFilesIn: fixture.folder).write(into: fixture.folder)
      #expect(try ModelRecord(directory: fixture.folder)?.isLocal == true)
      let intact = try await ModelVerifier.verify(directory: fixture.folder, manifest: fixture.manifest())
      #expect(intact.isIntact && intact.origin == .record && intact.files.count == 3)
      try fixture.write([1, 2, 4], "model.pth")
      let changed = try await ModelVerifier.verify(directory: fixture.folder, manifest: fixture.manifest())
      #expect(changed.files.filter { !$0.isIntact }.map(\.expected.name) == ["model.pth"])
    }
  }

  @Test func withoutAWitnessThereIsAnError() async throws {
    try await PullFixture.with { fixture in
      try fixture.write([1], "model.pth")
      let error = await #expect(throws: DownloadError.self) {
        try await ModelVerifier.verify(directory: fixture.folder, repositoryID: "someone/fine-tune")
      }
      #expect(error?.code == .invalidManifest)
      #expect(error?.message.contains("someone/fine-tune") == true)
    }
  }

  @Test func aDamagedRecordAndAnAbsentFolderAreNamed() async throws {
    try await PullFixture.with { fixture in
      try fixture.write(Array("{\"version\": 1".utf8), ModelRecord.fileName)
      let damaged = await #expect(throws: DownloadError.self) {
        try await ModelVerifier.verify(directory: fixture.folder)
      }
      #expect(damaged?.code == .invalidManifest)
      #expect(damaged?.message.contains(ModelRecord.fileName) == true)
      let absent = await #expect(throws: DownloadError.self) {
        try await ModelVerifier.verify(directory: "/nowhere/at/all")
      }
      #expect(absent?.code == .unreadable)
    }
  }
}
