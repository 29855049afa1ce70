import Foundation
import Synchronization
import Testing

@testable import Downloads

/// Faults of servers and networks. Each test ends with the right bytes, or with an error and no file under the final
/// name.
@Suite(.serialized) struct FaultTests {
  private func expectFailure(
    _ code: DownloadError.Code, naming text: String, faults: [HubFault], atHub: Bool = false,
    partIsKept: Bool = false, configure: (inout HubConfiguration) throws -> Void = { _ in }
  ) async throws {
    try await PullFixture.with { fixture in
      (atHub ? fixture.hub : fixture.content).inject(faults, into: "model.pth")
      let error = await #expect(throws: DownloadError.self) {
        try await fixture.modelHub(configure).pull(into: fixture.folder)
      }
      #expect(error?.code == code)
      #expect(error?.message.contains("model.pth") == true)
      #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
      #expect(error?.message.contains("secret") == false)
      #expect(fixture.onDisk("model.pth") == nil)
      #expect(fixture.listing.contains(fixture.partName("model.pth")) == partIsKept)
      #expect(!fixture.listing.contains(ModelRecord.fileName))
      #expect(!fixture.listing.contains(FolderLock.fileName))

      // The next pull succeeds if the fault is temporary.
      if !faults.contains(where: \.isPermanent) {
        try await fixture.modelHub().pull(into: fixture.folder)
        #expect(fixture.isWhole)
      }
    }
  }

  /// Pulls through faults, and returns the content network's requests for the weights.
  private func expectSuccess(
    faults: [HubFault], atHub: Bool = false, configure: (inout HubConfiguration) throws -> Void = { _ in }
  ) async throws -> (requests: [HubServer.Request], pauses: [Duration]) {
    var seen: ([HubServer.Request], [Duration]) = ([], [])
    try await PullFixture.with { fixture in
      (atHub ? fixture.hub : fixture.content).inject(faults, into: "model.pth")
      try await fixture.modelHub(configure).pull(into: fixture.folder)
      #expect(fixture.isWhole)
      seen = (fixture.content.gets("model.pth"), fixture.pauses.withLock { $0 })
    }
    return seen
  }

  @Test func resumesAfterADropAt37Percent() async throws {
    let (requests, pauses) = try await expectSuccess(faults: [.drop(at: 0.37)])
    #expect(requests.count == 2)
    #expect(requests.last?.continues(upTo: 888_002) == true)
    #expect(pauses.count == 1)
  }

  @Test func resumesOverAndOverWhileThereIsProgress() async throws {
    // There are more drops than consecutive failures are allowed, but each attempt receives enough to count as
    // progress.
    let (requests, _) = try await expectSuccess(faults: Array(repeating: .drop(at: 0.2), count: 9)) {
      $0.retry.progressByteCount = 10_000
    }
    #expect(requests.count == 10)
  }

  @Test func waitsAsLongAsA429Asks() async throws {
    let limited = HubFault.status(429, ["Retry-After": "7"])
    let (_, pauses) = try await expectSuccess(faults: [limited, limited], atHub: true)
    #expect(pauses.count == 2)
    #expect(pauses.allSatisfy { $0 >= .seconds(7) && $0 < .seconds(8) })
  }

  @Test func backsOffAfterA503() async throws {
    let (_, pauses) = try await expectSuccess(faults: [.status(503, [:]), .status(503, [:])], atHub: true)
    #expect(pauses.count == 2)
    #expect(pauses[0] >= .milliseconds(500) && pauses[0] < .seconds(1))
    #expect(pauses[1] >= .seconds(1) && pauses[1] < .seconds(2))
  }

  @Test func givesUpOnALasting503() async throws {
    try await expectFailure(
      .unavailable, naming: "answered 503; gave up after 6 attempts", faults: [.always(.status(503, [:]))], atHub: true)
  }

  @Test func givesUpWhenAskedToWaitTooLong() async throws {
    try await expectFailure(
      .unavailable, naming: "asks to wait 86400 s", faults: [.status(429, ["Retry-After": "86400"])], atHub: true)
  }

  @Test func keepsWhatCameWhenItGivesUp() async throws {
    try await expectFailure(
      .unavailable, naming: "bytes are kept",
      faults: [.drop(at: 0.2)] + Array(repeating: .status(500, [:]), count: 6), partIsKept: true)
  }

  @Test func refusesAnotherAnnouncedLength() async throws {
    try await expectFailure(.wrongLength, naming: "2400007", faults: [.announcedLength(-1000)])
  }

  @Test func refusesMoreBytesThanThereMayBe() async throws {
    try await expectFailure(.wrongLength, naming: "more than 2400007", faults: [.unannouncedLength(5)])
  }

  @Test func continuesABodyThatEndedEarly() async throws {
    let (requests, _) = try await expectSuccess(faults: [.unannouncedLength(-1000)])
    #expect(requests.map(\.range) == [nil, "bytes=2399007-"])
  }

  @Test func refusesWrongBytesAndDeletesThem() async throws {
    try await expectFailure(.wrongDigest, naming: "it must be SHA-256", faults: [.wrongBytes])
  }

  @Test func refusesAWebPage() async throws {
    try await expectFailure(.notAFile, naming: "web page", faults: [.webPage(contentType: "text/html; charset=utf-8")])
  }

  @Test func refusesAWebPageThatDoesNotSayWhatItIs() async throws {
    try await expectFailure(.notAFile, naming: "web page", faults: [.webPage(contentType: nil)])
  }

  @Test func refusesACircleOfRedirects() async throws {
    let here = "/coqui/XTTS-v2/resolve/6c2b0d75eae4b7047358e3b6bd9325f857d43f77/model.pth"
    try await expectFailure(
      .refusedRedirect, naming: "more than 10 redirects", faults: [.always(.redirect(to: here))], atHub: true)
  }

  @Test func refusesRedirectsWithoutEnd() async throws {
    try await expectFailure(
      .refusedRedirect, naming: "more than 10 redirects", faults: [.always(.endlessRedirect)], atHub: true)
  }

  @Test func refusesARedirectToNowhere() async throws {
    try await expectFailure(
      .refusedRedirect, naming: "file:///etc/passwd", faults: [.redirect(to: "file:///etc/passwd")], atHub: true)
  }

  @Test func continuesAfterSilence() async throws {
    let (requests, _) = try await expectSuccess(faults: [.stall(after: 700_000)]) {
      $0.stallTimeout = .seconds(1)
    }
    #expect(requests.count >= 2)
    #expect(requests[1].continues(upTo: 700_000))
  }

  @Test func continuesAfterATrickle() async throws {
    // Bytes keep arriving, but too slowly.
    let (requests, _) = try await expectSuccess(faults: [.trickle(after: 700_000)]) {
      $0.stallTimeout = .seconds(1)
    }
    #expect(requests.count >= 2)
    #expect(requests[1].range != nil)
  }

  @Test func startsOverWhenTheServerIgnoresTheRange() async throws {
    let (requests, _) = try await expectSuccess(faults: [.drop(at: 0.5), .ignoredRange])
    #expect(requests.count == 2)
  }

  @Test func startsOverWhenAnotherRangeComes() async throws {
    let (requests, _) = try await expectSuccess(faults: [.drop(at: 0.5), .wrongRange])
    #expect(requests.map { $0.range == nil } == [true, false, true])
  }

  @Test func asksTheHubAgainWhenASignedAddressRanOut() async throws {
    let (requests, _) = try await expectSuccess(faults: [.drop(at: 0.5), .status(403, [:])])
    #expect(requests.count == 3)
  }

  @Test func namesWhatTheHubSaysIsMissing() async throws {
    try await PullFixture.with { fixture in
      fixture.hub.change { $0.files["model.pth"] = nil }
      let error = await #expect(throws: DownloadError.self) {
        try await fixture.modelHub().pull(into: fixture.folder)
      }
      #expect(error?.code == .notFound)
      #expect(error?.message.contains("EntryNotFound") == true)
    }
  }

  @Test func aClosedPortIsUnavailable() async throws {
    try await PullFixture.with { fixture in
      await fixture.hub.stop()
      let error = await #expect(throws: DownloadError.self) {
        try await fixture.modelHub().pull(into: fixture.folder)
      }
      #expect(error?.code == .unavailable)
      #expect(fixture.listing.isEmpty)
    }
  }
}

extension HubServer.Request {
  /// Whether the request is for the rest after at most `byteCount` bytes. A broken connection may lose bytes in
  /// transit.
  fileprivate func continues(upTo byteCount: Int) -> Bool {
    guard let range, let first = Int(range.dropFirst(6).dropLast()) else { return false }
    return (1...byteCount).contains(first)
  }
}
