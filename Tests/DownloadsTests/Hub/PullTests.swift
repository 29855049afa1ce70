import Foundation
import Synchronization
import Testing

@testable import Downloads

@Suite struct PullTests {
  @Test func pullsTheWholeRepositoryAndThenNeedsNoNetwork() async throws {
    try await PullFixture.with { fixture in
      let reports = Mutex<[DownloadProgress]>([])
      let outcome = try await fixture.modelHub().pull(into: fixture.folder) { report in
        reports.withLock { $0.append(report) }
      }
      #expect(fixture.isWhole)
      #expect(outcome.fetched == PullFixture.names.sorted())
      #expect(outcome.revision == "6c2b0d75eae4b7047358e3b6bd9325f857d43f77")
      let total = fixture.files.values.reduce(0) { $0 + $1.count }
      let last = reports.withLock { $0.last }
      #expect(last?.phase == .finished)
      #expect(last?.completedByteCount == total)
      #expect(last?.completedFileCount == PullFixture.names.count)

      let report = try await ModelVerifier.verify(directory: fixture.folder, manifest: fixture.manifest())
      #expect(report.isIntact)
      #expect(report.origin == .manifest)

      let count = fixture.hub.requests.count
      let again = try await fixture.modelHub { $0.isOffline = true }.pull(into: fixture.folder)
      #expect(again.fetched.isEmpty)
      #expect(fixture.hub.requests.count == count)
    }
  }

  @Test func asksForThePublishedPathsAtThePinnedRevision() async throws {
    try await PullFixture.with { fixture in
      try await fixture.modelHub().pull(into: fixture.folder)
      let expected = PullFixture.names.map {
        "/coqui/XTTS-v2/resolve/6c2b0d75eae4b7047358e3b6bd9325f857d43f77/\($0)"
      }
      #expect(Set(fixture.hub.requests.map(\.path)) == Set(expected))
    }
  }

  @Test func goesThroughTwoRedirects() async throws {
    try await PullFixture.with { fixture in
      fixture.hub.change {
        $0.formerRepositoryID = "coqui/XTTS-v2"
        $0.repositoryID = "coqui/XTTS-v2-renamed"
      }
      try await fixture.modelHub().pull(into: fixture.folder)
      #expect(fixture.isWhole)
      #expect(fixture.hub.gets("model.pth").map(\.path).count == 2)
      #expect(fixture.content.gets("model.pth").count == 1)
    }
  }

  @Test func fetchesOnlyWhatLacks() async throws {
    try await PullFixture.with { fixture in
      for name in ["config.json", "model.pth", "speakers_xtts.pth"] {
        try fixture.write(fixture.files[name] ?? [], name)
      }
      let outcome = try await fixture.modelHub().pull(into: fixture.folder)
      #expect(outcome.fetched == ["LICENSE.txt", "vocab.json"])
      #expect(fixture.isWhole)
      #expect(fixture.content.requests.isEmpty)
    }
  }

  @Test func completeFilesNeedNoNetworkNorARecord() async throws {
    try await PullFixture.with { fixture in
      // The licence's text is not required, because it may be missing from a folder that the user filled.
      for name in PullFixture.names where name != "LICENSE.txt" {
        try fixture.write(fixture.files[name] ?? [], name)
      }
      let outcome = try await fixture.modelHub { $0.hasAgreedToLicence = false }.pull(into: fixture.folder)
      #expect(outcome.fetched.isEmpty)
      #expect(fixture.hub.requests.isEmpty)
    }
  }

  @Test func linkedFilesCountAsFiles() async throws {
    try await PullFixture.with { fixture in
      // Like a cache of Hugging Face: a snapshot of links to blobs.
      for name in PullFixture.names {
        try fixture.write(fixture.files[name] ?? [], "blob-\(name)")
        try FileManager.default.createSymbolicLink(
          atPath: fixture.path(name), withDestinationPath: "blob-\(name)")
      }
      #expect(try await fixture.modelHub().pull(into: fixture.folder).fetched.isEmpty)
    }
  }

  @Test func licenceMustBeAgreedToBeforeAnythingIsAsked() async throws {
    try await PullFixture.with { fixture in
      let error = await #expect(throws: DownloadError.self) {
        try await fixture.modelHub { $0.hasAgreedToLicence = false }.pull(into: fixture.folder)
      }
      #expect(error?.code == .licenceNotAgreed)
      #expect(error?.message.contains("\n") == false)
      for words in ["non-commercial", "https://coqui.ai/cpml.txt", "COQUI_TOS_AGREED=1"] {
        #expect(error?.message.contains(words) == true)
      }
      #expect(fixture.hub.requests.isEmpty)
      #expect(!FileManager.default.fileExists(atPath: fixture.folder))
    }
  }

  @Test func offlineNamesWhatLacks() async throws {
    try await PullFixture.with { fixture in
      try fixture.write(fixture.files["config.json"] ?? [], "config.json")
      let error = await #expect(throws: DownloadError.self) {
        try await fixture.modelHub { $0.isOffline = true }.pull(into: fixture.folder)
      }
      #expect(error?.code == .offline)
      #expect(error?.message.contains("vocab.json, model.pth, speakers_xtts.pth") == true)
      #expect(fixture.hub.requests.isEmpty)
    }
  }

  @Test func anotherModelsFileIsKeptOrReplacedAsConfigured() async throws {
    try await PullFixture.with { fixture in
      try fixture.write([1, 2, 3], "model.pth")
      let error = await #expect(throws: DownloadError.self) {
        try await fixture.modelHub { $0.replacesOtherFiles = false }.pull(into: fixture.folder)
      }
      #expect(error?.code == .differentFile)
      #expect(error?.message.contains("model.pth") == true)
      #expect(fixture.onDisk("model.pth") == Data([1, 2, 3]))
      #expect(fixture.hub.requests.isEmpty)

      try await fixture.modelHub().pull(into: fixture.folder)
      #expect(fixture.isWhole)
    }
  }

  @Test func twoPullsIntoOneFolderFetchOnce() async throws {
    try await PullFixture.with { fixture in
      let (first, second) = (try fixture.modelHub(), try fixture.modelHub())
      async let one = first.pull(into: fixture.folder)
      async let other = second.pull(into: fixture.folder)
      let outcomes = try await [one, other]
      #expect(Set(outcomes.map(\.fetched.count)) == [0, PullFixture.names.count])
      #expect(fixture.isWhole)
      for name in PullFixture.names { #expect(fixture.hub.gets(name).count == 1) }
    }
  }

  @Test func aHeldFolderIsReportedAfterTheTimeout() async throws {
    try await PullFixture.with { fixture in
      try FileManager.default.createDirectory(atPath: fixture.folder, withIntermediateDirectories: true)
      let lock = try FolderLock.acquire(fixture.folder, timeout: .zero) {}
      defer { lock.release() }
      let error = await #expect(throws: DownloadError.self) {
        try await fixture.modelHub { $0.lockTimeout = .zero }.pull(into: fixture.folder)
      }
      #expect(error?.code == .locked)
      #expect(fixture.hub.requests.isEmpty)
    }
  }

  @Test func cancellingKeepsThePart() async throws {
    try await PullFixture.with { fixture in
      fixture.content.inject([.always(.stall(after: 1_500_000))], into: "model.pth")
      var hub = try fixture.modelHub()
      hub.progressInterval = .zero
      let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
      let pull = Task { [hub] in
        try await hub.pull(into: fixture.folder) { report in
          if report.phase == .downloading, report.completedByteCount > 1_200_000 { arrived.yield() }
        }
      }
      for await _ in arrivals { break }
      pull.cancel()
      let result = await pull.result
      guard case .failure(let error) = result else {
        Issue.record("a cancelled pull succeeded")
        return
      }
      #expect((error as? DownloadError)?.code == .cancelled)
      #expect(fixture.onDisk("model.pth") == nil)
      let part = try #require(fixture.onDisk(fixture.partName("model.pth")))
      #expect(part.count >= 1 << 20)
      #expect(part == fixture.content("model.pth").prefix(part.count))
      #expect(!fixture.listing.contains(FolderLock.fileName))
    }
  }
}
