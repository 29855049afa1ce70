import Foundation
import Testing

@testable import Downloads

/// Disks that are full or not writable, or contain files of an earlier run.
@Suite struct DiskTests {
  @Test func continuesAPartOfAnEarlierRun() async throws {
    try await PullFixture.with { fixture in
      let content = fixture.files["model.pth"] ?? []
      try fixture.write(Array(content.prefix(1_234_567)), fixture.partName("model.pth"))
      try await fixture.modelHub().pull(into: fixture.folder)
      #expect(fixture.isWhole)
      #expect(fixture.content.gets("model.pth").map(\.range) == ["bytes=1234567-"])
    }
  }

  @Test func aWholePartNeedsNoRequest() async throws {
    try await PullFixture.with { fixture in
      try fixture.write(fixture.files["model.pth"] ?? [], fixture.partName("model.pth"))
      try await fixture.modelHub().pull(into: fixture.folder)
      #expect(fixture.isWhole)
      #expect(fixture.content.gets("model.pth").isEmpty)
    }
  }

  @Test(arguments: [1000, 2_400_007, 2_400_008])
  func aDamagedPartIsDroppedAndFetchedAgain(byteCount: Int) async throws {
    try await PullFixture.with { fixture in
      try fixture.write(PullFixture.bytes(byteCount, seed: 99), fixture.partName("model.pth"))
      try await fixture.modelHub().pull(into: fixture.folder)
      #expect(fixture.isWhole)
    }
  }

  @Test func partsOfOtherRevisionsAreRemoved() async throws {
    try await PullFixture.with { fixture in
      try fixture.write([1, 2, 3], "model.pth.0123456789abcdef.part")
      try fixture.write([4], "notes.part")
      try await fixture.modelHub().pull(into: fixture.folder)
      #expect(fixture.onDisk("model.pth.0123456789abcdef.part") == nil)
      #expect(fixture.onDisk("notes.part") == Data([4]))
    }
  }

  @Test func tooLittleSpaceIsNoticedBeforeTheFirstByte() async throws {
    try await PullFixture.with { fixture in
      var hub = try fixture.modelHub()
      hub.availableByteCount = { _ in 66_000_000 }
      let tight = hub
      let error = await #expect(throws: DownloadError.self) { try await tight.pull(into: fixture.folder) }
      #expect(error?.code == .noSpace)
      #expect(error?.message.contains("2.52 MB") == true)
      #expect(fixture.hub.requests.isEmpty)
      #expect(fixture.listing.isEmpty)
    }
  }

  @Test func aFullDiskNamesTheFile() async throws {
    try await PullFixture.with { fixture in
      // On this device every write fails with "no space left".
      try FileManager.default.createDirectory(atPath: fixture.folder, withIntermediateDirectories: true)
      let part = fixture.path(fixture.partName("model.pth"))
      try FileManager.default.createSymbolicLink(atPath: part, withDestinationPath: "/dev/full")
      let file = try #require(fixture.manifest().repositories[0].files.first { $0.name == "model.pth" })
      let partFile = try PartFile(file, in: fixture.folder)
      let error = #expect(throws: DownloadError.self) { try [1, 2, 3].withUnsafeBytes { try partFile.append($0) } }
      #expect(error?.code == .noSpace)
      #expect(error?.message.contains("model.pth") == true)
      #expect(error?.message.contains("No space left") == true)
      #expect(partFile.byteCount == 0)
    }
  }

  @Test func aReadOnlyFolderIsNamed() async throws {
    try await PullFixture.with { fixture in
      // In this folder even root cannot create files.
      let error = await #expect(throws: DownloadError.self) {
        try await fixture.modelHub().pull(into: "/sys/kernel")
      }
      #expect(error?.code == .unwritable)
      #expect(error?.message.contains("/sys/kernel/") == true)
      #expect(fixture.hub.requests.isEmpty)
    }
  }

  @Test func aFolderThatCannotBeMadeIsNamed() async throws {
    try await PullFixture.with { fixture in
      try fixture.write([1], "file")
      let error = await #expect(throws: DownloadError.self) {
        try await fixture.modelHub().pull(into: fixture.path("file") + "/models")
      }
      #expect(error?.code == .unwritable)
      #expect(error?.message.contains("file/models") == true)
    }
  }

  @Test func aFolderInTheWayOfAFileIsNamed() async throws {
    try await PullFixture.with { fixture in
      try FileManager.default.createDirectory(
        atPath: fixture.path("config.json"), withIntermediateDirectories: true)
      let error = await #expect(throws: DownloadError.self) {
        try await fixture.modelHub().pull(into: fixture.folder)
      }
      #expect(error?.code == .unreadable)
      #expect(error?.message.contains("config.json") == true)
    }
  }

  @Test func aLockOnARemovedFileExcludesNoOtherProcess() async throws {
    try await PullFixture.with { fixture in
      try FileManager.default.createDirectory(atPath: fixture.folder, withIntermediateDirectories: true)
      for _ in 0..<3 {
        let lock = try FolderLock.acquire(fixture.folder, timeout: .zero) {}
        var hasWaited = false
        #expect(throws: DownloadError.self) {
          _ = try FolderLock.acquire(fixture.folder, timeout: .milliseconds(1)) { hasWaited = true }
        }
        #expect(hasWaited)
        lock.release()
      }
      #expect(fixture.listing.isEmpty)
    }
  }
}
