import Foundation
import Testing

@testable import Downloads

/// Against OpenSSL's own server, with certificates made for the test.
@Suite(.enabled(if: TLSServer.canRun, "openssl is not installed"), .timeLimit(.minutes(2)))
struct TLSTests {
  private func pull(
    _ fixture: PullFixture, from server: TLSServer, knowsAuthority: Bool = true
  ) async throws -> ModelHub.Outcome {
    try await fixture.modelHub {
      $0.endpoint = try HubEndpoint(server.address)
      if knowsAuthority { $0.certificateAuthorityFile = server.certificate }
    }.pull(into: fixture.folder)
  }

  @Test func pullsOverTLSFromAKnownAuthority() async throws {
    try await PullFixture.with { fixture in
      let server = try await TLSServer(fixture.files)
      _ = try await pull(fixture, from: server)
      #expect(fixture.isWhole)
    }
  }

  @Test func refusesAnUnknownAuthorityAtOnce() async throws {
    try await PullFixture.with { fixture in
      let server = try await TLSServer(fixture.files)
      let error = await #expect(throws: DownloadError.self) {
        try await pull(fixture, from: server, knowsAuthority: false)
      }
      #expect(error?.code == .tlsFailure)
      #expect(error?.message.contains("127.0.0.1") == true)
      #expect(fixture.pauses.withLock { $0 }.isEmpty)
      #expect(fixture.listing.isEmpty)
    }
  }

  @Test func doesNotFollowFromTLSToPlainText() async throws {
    try await PullFixture.with { fixture in
      let server = try await TLSServer(
        fixture.files, redirects: ["model.pth": "\(fixture.content.address)/blobs/model.pth"])
      let error = await #expect(throws: DownloadError.self) { try await pull(fixture, from: server) }
      #expect(error?.code == .refusedRedirect)
      #expect(error?.message.contains("without TLS") == true)
      #expect(fixture.content.requests.isEmpty)
    }
  }

  @Test func anUnreadableAuthorityFileIsNamed() async throws {
    try await PullFixture.with { fixture in
      let error = await #expect(throws: DownloadError.self) {
        try await fixture.modelHub { $0.certificateAuthorityFile = "/nowhere/ca.pem" }.pull(into: fixture.folder)
      }
      #expect(error?.code == .tlsFailure)
      #expect(error?.message.contains("/nowhere/ca.pem") == true)
    }
  }
}
