import Foundation
import Testing

@testable import ModelHub

@Suite struct TLSTests {
  @Test func pullsOverTLSFromAKnownAuthority() async throws {
    try await PullFixture.with(tls: true) { fixture in
      try await fixture.modelHub { $0.certificateAuthorityFile = fixture.folder + ".pem" }.pull(into: fixture.folder)
      #expect(fixture.isWhole)
    }
  }

  @Test func refusesAnUnknownAuthorityAtOnce() async throws {
    try await PullFixture.with(tls: true) { fixture in
      let error = await #expect(throws: HubError.self) {
        try await fixture.modelHub().pull(into: fixture.folder)
      }
      #expect(error?.code == .tlsFailure)
      #expect(error?.message.contains("127.0.0.1") == true)
      #expect(fixture.pauses.withLock { $0 }.isEmpty)
      #expect(fixture.listing.isEmpty)
      #expect(fixture.hub.requests.isEmpty)
    }
  }

  @Test func doesNotFollowFromTLSToPlainText() async throws {
    try await PullFixture.with(tls: true) { fixture in
      let plain = try await HubServer.start(ServedRepository())
      fixture.hub.inject([.always(.redirect(to: "\(plain.address)/blobs/model.pth"))], into: "model.pth")
      let error = await #expect(throws: HubError.self) {
        try await fixture.modelHub { $0.certificateAuthorityFile = fixture.folder + ".pem" }.pull(into: fixture.folder)
      }
      #expect(error?.code == .refusedRedirect)
      #expect(error?.message.contains("without TLS") == true)
      #expect(plain.requests.isEmpty)
      await plain.stop()
    }
  }

  @Test func anUnreadableAuthorityFileIsNamed() async throws {
    try await PullFixture.with { fixture in
      let error = await #expect(throws: HubError.self) {
        try await fixture.modelHub { $0.certificateAuthorityFile = "/nowhere/ca.pem" }.pull(into: fixture.folder)
      }
      #expect(error?.code == .tlsFailure)
      #expect(error?.message.contains("/nowhere/ca.pem") == true)
    }
  }
}
