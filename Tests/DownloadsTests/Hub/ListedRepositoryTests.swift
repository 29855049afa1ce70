import Foundation
import Testing

@testable import Downloads

/// Repositories that no manifest pins: the digests of the hub's file list count.
@Suite struct ListedRepositoryTests {
  private func withFineTune(_ body: (PullFixture) async throws -> Void) async throws {
    try await PullFixture.with { fixture in
      fixture.hub.change { $0.repositoryID = "someone/fine-tune" }
      try await body(fixture)
    }
  }

  private func modelHub(
    _ fixture: PullFixture, _ change: (inout HubConfiguration) -> Void = { _ in }
  ) throws -> ModelHub {
    try fixture.modelHub {
      $0.repositoryID = "someone/fine-tune"
      change(&$0)
    }
  }

  @Test func pullsRecordsAndVerifies() async throws {
    try await withFineTune { fixture in
      let outcome = try await modelHub(fixture).pull(into: fixture.folder)
      #expect(fixture.isWhole)
      let commit = ServedRepository().commit
      #expect(outcome.revision == commit)
      // The branch is asked for once; then all comes from one commit.
      #expect(fixture.hub.requests.first?.path == "/api/models/someone/fine-tune/revision/main?blobs=true")
      #expect(fixture.hub.requests.dropFirst().allSatisfy { $0.path.contains("/resolve/\(commit)/") })

      let record = try #require(try ModelRecord(directory: fixture.folder))
      #expect(record.repositoryID == "someone/fine-tune")
      #expect(record.revision == commit)
      #expect(record.requestedRevision == "main")
      #expect(record.files.map(\.name).sorted() == PullFixture.names.sorted())

      let report = try await ModelVerifier.verify(directory: fixture.folder)
      #expect(report.isIntact)
      #expect(report.origin == .record)

      let count = fixture.hub.requests.count
      let again = try await modelHub(fixture) { $0.isOffline = true }.pull(into: fixture.folder)
      #expect(again.fetched.isEmpty)
      #expect(again.revision == commit)
      #expect(fixture.hub.requests.count == count)
    }
  }

  @Test(arguments: ["model.pth", "vocab.json"])
  func wrongBytesAreRefusedByEitherKindOfDigest(name: String) async throws {
    try await withFineTune { fixture in
      (name == "vocab.json" ? fixture.hub : fixture.content).inject([.always(.wrongBytes)], into: name)
      let error = await #expect(throws: DownloadError.self) { try await modelHub(fixture).pull(into: fixture.folder) }
      #expect(error?.code == .wrongDigest)
      #expect(error?.message.contains(name) == true)
      #expect(fixture.onDisk(name) == nil)
      #expect(!fixture.listing.contains(ModelRecord.fileName))
    }
  }

  @Test func weightsMayHaveOtherNamesAndExtrasMayBeMissing() async throws {
    try await withFineTune { fixture in
      fixture.hub.change {
        $0.files["best_model.pth"] = $0.files.removeValue(forKey: "model.pth")
        $0.files["speakers_xtts.pth"] = nil
      }
      let outcome = try await modelHub(fixture).pull(into: fixture.folder)
      #expect(outcome.fetched == ["LICENSE.txt", "best_model.pth", "config.json", "vocab.json"])
      #expect(fixture.onDisk("best_model.pth") == fixture.content("model.pth"))
    }
  }

  @Test func aRepositoryWithoutWeightsIsNamed() async throws {
    try await withFineTune { fixture in
      fixture.hub.change { $0.files["model.pth"] = nil }
      let error = await #expect(throws: DownloadError.self) { try await modelHub(fixture).pull(into: fixture.folder) }
      #expect(error?.code == .notFound)
    }
  }

  @Test func anAbsentRepositoryIsNamed() async throws {
    try await withFineTune { fixture in
      let error = await #expect(throws: DownloadError.self) {
        try await modelHub(fixture) { $0.repositoryID = "someone/else" }.pull(into: fixture.folder)
      }
      #expect(error?.code == .notFound)
      #expect(error?.message.contains("RepoNotFound") == true)
    }
  }

  @Test func withoutADigestNothingIsTaken() async throws {
    try await withFineTune { fixture in
      fixture.hub.change { $0.undigested = ["vocab.json"] }
      let error = await #expect(throws: DownloadError.self) { try await modelHub(fixture).pull(into: fixture.folder) }
      #expect(error?.code == .noDigest)
      #expect(error?.message.contains("vocab.json") == true)
      #expect(fixture.listing.isEmpty)
    }
  }

  @Test func asksAgainAfterAPassingFault() async throws {
    try await withFineTune { fixture in
      fixture.hub.inject([.status(503, [:]), .status(429, ["Retry-After": "3"])], into: "main")
      try await modelHub(fixture).pull(into: fixture.folder)
      #expect(fixture.isWhole)
      let pauses = fixture.pauses.withLock { $0 }
      #expect(pauses.count == 2)
      #expect(pauses[1] >= .seconds(3))
    }
  }

  @Test func filesOfAnInterruptedPullAreCheckedAndKept() async throws {
    try await withFineTune { fixture in
      try fixture.write(fixture.files["vocab.json"] ?? [], "vocab.json")
      var damaged = fixture.files["config.json"] ?? []
      damaged[0] ^= 1
      try fixture.write(damaged, "config.json")
      let outcome = try await modelHub(fixture).pull(into: fixture.folder)
      #expect(!outcome.fetched.contains("vocab.json"))
      #expect(outcome.fetched.contains("config.json"))
      #expect(fixture.isWhole)
      #expect(try await ModelVerifier.verify(directory: fixture.folder).isIntact)
    }
  }

  @Test func aModelPutThereByHandIsComplete() async throws {
    try await withFineTune { fixture in
      for name in ["config.json", "vocab.json", "best_model.pth"] { try fixture.write([1], name) }
      #expect(try await modelHub(fixture).pull(into: fixture.folder).fetched.isEmpty)
      #expect(fixture.hub.requests.isEmpty)
    }
  }

  @Test func theLicenceHoldsForFineTunes() async throws {
    try await withFineTune { fixture in
      let error = await #expect(throws: DownloadError.self) {
        try await modelHub(fixture) { $0.hasAgreedToLicence = false }.pull(into: fixture.folder)
      }
      #expect(error?.code == .licenceNotAgreed)
    }
  }

  @Test func anotherRevisionOfAPinnedRepositoryIsAskedFor() async throws {
    try await PullFixture.with { fixture in
      let outcome = try await fixture.modelHub { $0.revision = "v2.0.3" }.pull(into: fixture.folder)
      #expect(outcome.revision == ServedRepository().commit)
      #expect(fixture.hub.requests.first?.path == "/api/models/coqui/XTTS-v2/revision/v2.0.3?blobs=true")
    }
  }
}
