import HTTPTypes
import Hummingbird
import Testing

@testable import HTTPAdapter

struct PageTests {
  @Test func thePageIsServedWithItsProtection() async throws {
    try await makeServer().serve { client in
      let page = try await client.get("/")
      #expect(page.status == .ok)
      #expect(page.headers[.contentType] == "text/html; charset=utf-8")
      let policy = try #require(page.headers[.contentSecurityPolicy])
      #expect(policy.hasPrefix("default-src 'none'; "))
      #expect(!policy.contains("unsafe") && !policy.contains("http"))
      #expect(page.headers.value("X-Content-Type-Options") == "nosniff")
      #expect(page.headers.value("Permissions-Policy") == "camera=(), geolocation=(), microphone=(self)")
      let tag = try #require(page.headers[.eTag])
      #expect(try await client.get("/", headers: [.ifNoneMatch: tag]).status == .notModified)
      #expect(try await client.get("/page/nothing.js").status == .notFound)
    }
  }

  @Test func everyFileThatIsNamedIsServed() async throws {
    let paths = Set(SpeechPage.files.map(\.path))
    try await makeServer { $0.tokens = AccessTokens("secret") }.serve { client in
      for file in SpeechPage.files {
        let reply = try await client.get(file.path)
        #expect(reply.status == .ok)
        #expect(reply.headers[.contentType] == file.mediaType)
        for name in references(in: String(decoding: file.bytes, as: UTF8.self)) {
          #expect(paths.contains("/page/\(name)"), "\(file.path) names \(name)")
        }
      }
      #expect(try await client.get("/metrics").status == .unauthorized)
    }
  }

  @Test func theSettingTurnsItOff() async throws {
    try await makeServer { $0.servesPage = false }.serve { client in
      for file in SpeechPage.files {
        let status = try await client.get(file.path).status
        #expect(status == .notFound)
      }
      let health = try await client.get("/health")
      #expect(health.status == .ok)
    }
  }

  /// Names of files in `href`, `src` and `from`.
  private func references(in text: String) -> [String] {
    text.matches(of: /(?:(?:href|src)="page\/|from "\.\/)([a-z.]+)"/).map { String($0.output.1) }
  }
}
