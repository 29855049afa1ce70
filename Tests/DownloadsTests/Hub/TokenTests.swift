import Foundation
import SpeechCore
import Testing

@testable import Downloads

/// The token is the hub's secret.
@Suite struct TokenTests {
  private let token = "hf_visibleOnlyToTheHub"

  @Test func theTokenStaysWithTheHub() async throws {
    try await PullFixture.with { fixture in
      fixture.hub.change { $0.requiredToken = token }
      try await fixture.modelHub { $0.token = Secret(token) }.pull(into: fixture.folder)
      #expect(fixture.isWhole)
      #expect(fixture.hub.requests.allSatisfy { $0.authorization == "Bearer \(token)" })
      #expect(!fixture.content.requests.isEmpty)
      #expect(fixture.content.requests.allSatisfy { $0.authorization == nil })
    }
  }

  @Test func theTokenStaysWithTheHubUnderAnotherNameOfTheSameMachine() async throws {
    try await PullFixture.with { fixture in
      // Same address and port, other host, as in a hostile redirect.
      let other = "http://localhost:\(fixture.hub.port)/blobs/model.pth"
      fixture.hub.inject([.redirect(to: other)], into: "model.pth")
      try await fixture.modelHub { $0.token = Secret(token) }.pull(into: fixture.folder)
      let requests = fixture.hub.gets("model.pth")
      #expect(requests.map(\.authorization) == ["Bearer \(token)", nil])
      #expect(fixture.isWhole)
    }
  }

  @Test func aMissingTokenIsNamed() async throws {
    try await PullFixture.with { fixture in
      fixture.hub.change { $0.requiredToken = token }
      let error = await #expect(throws: DownloadError.self) {
        try await fixture.modelHub().pull(into: fixture.folder)
      }
      #expect(error?.code == .unauthorized)
      #expect(error?.message.contains("HF_TOKEN") == true)
      #expect(error?.message.contains("GatedRepo") == true)
    }
  }

  @Test func aWrongTokenStaysOutOfTheMessage() async throws {
    try await PullFixture.with { fixture in
      fixture.hub.change { $0.requiredToken = token }
      let error = await #expect(throws: DownloadError.self) {
        try await fixture.modelHub { $0.token = "hf_wrong" }.pull(into: fixture.folder)
      }
      #expect(error?.code == .unauthorized)
      #expect(error?.message.contains("hf_wrong") == false)
    }
  }
}
