import HTTPTypes
import Hummingbird
import SpeechCore
import Testing

@testable import HTTPAdapter

struct AccessTests {
  @Test func requestsWithoutATokenAndListsWriteNoRow() async throws {
    let service = StubService()
    try await makeServer(service) { $0.tokens = AccessTokens("secret") }.serve { client in
      let refused = try await client.post("/api/v1/tts/synthesize", #"{"text":"x"}"#).status
      #expect(refused == .unauthorized)
      let listed = try await client.get("/api/v1/tts/voices", headers: [.authorization: "Bearer secret"]).status
      #expect(listed == .ok)
    }
    #expect(service.refusals.withLock { $0.isEmpty } && service.contexts.withLock { $0.isEmpty })
  }

  @Test func aTokenClosesAllButHealthAndTheDescription() async throws {
    try await makeServer { $0.tokens = AccessTokens("secret") }.serve { client in
      for path in ["/health", "/health/live", "/health/ready", "/openapi.json"] {
        #expect(try await client.get(path).status == .ok)
      }
      for path in ["/metrics", "/api/v1/tts/voices", "/v1/models", "/api/v1/tts/usage"] {
        for value in [nil, "Bearer wrong", "Bearer", "Basic secret", "secret", "Bearer secret2"] {
          let reply = try await client.get(path, headers: value.map { [.authorization: $0] } ?? [:])
          #expect(reply.status == .unauthorized)
          #expect(reply.headers[.wwwAuthenticate]?.hasPrefix("Bearer") == true)
          #expect(reply.json["detail"] != nil)
        }
        #expect(try await client.get(path, headers: [.authorization: "bearer secret"]).status == .ok)
      }
    }
  }

  @Test func crossOriginRequestsFollowTheSetting() async throws {
    let preflight: HTTPFields = [.origin: "https://a.example", .accessControlRequestMethod: "POST"]
    try await makeServer().serve { client in
      let reply = try await client.execute(uri: "/api/v1/tts/synthesize", method: .options, headers: preflight)
      #expect(reply.status == .noContent)
      #expect(reply.headers[.accessControlAllowOrigin] == "*")
      #expect(reply.headers[.accessControlAllowMethods]?.contains("DELETE") == true)
      let failed = try await client.get("/nowhere", headers: [.origin: "https://a.example"])
      #expect(failed.headers[.accessControlAllowOrigin] == "*")
    }
    let server = makeServer {
      $0.allowedOrigins = ["https://a.example"]
      $0.tokens = AccessTokens("secret")
    }
    try await server.serve { client in
      let allowed = try await client.execute(uri: "/v1/models", method: .options, headers: preflight)
      #expect(allowed.status == .noContent)
      #expect(allowed.headers[.accessControlAllowOrigin] == "https://a.example")
      let other = try await client.get("/health", headers: [.origin: "https://b.example"])
      #expect(other.headers[.accessControlAllowOrigin] == nil)
      #expect(other.headers[.vary] == "Origin")
    }
  }

  /// F17: a browser sends a POST of plain text from a foreign page without asking first.
  @Test func pagesOfOtherOriginsChangeNothing() async throws {
    let evil: HTTPFields = [.origin: "https://evil.example"]
    try await makeServer { $0.allowedOrigins = ["https://ours.example"] }.serve { client in
      for path in ["/api/v1/tts/voices", "/api/v1/tts/synthesize", "/v1/audio/speech"] {
        let reply = try await client.execute(uri: path, method: .post, headers: evil)
        #expect(reply.status == .forbidden && reply.json["detail"] != nil, "\(path)")
        let ours = try await client.execute(uri: path, method: .post, headers: [.origin: "https://ours.example"])
        #expect(ours.status != .forbidden)
        #expect(try await client.execute(uri: path, method: .post, headers: [:]).status != .forbidden)
      }
    }
    try await makeServer().serve { client in
      let registration = try await client.execute(uri: "/api/v1/tts/voices", method: .post, headers: evil)
      #expect(registration.status == .forbidden)
      let deletion = try await client.execute(uri: "/api/v1/tts/voices/a", method: .delete, headers: evil)
      #expect(deletion.status == .forbidden)
      let latents = "/api/v1/tts/voices/v1/latents"
      let export = try await client.execute(uri: latents, method: .get, headers: evil)
      #expect(export.status == .forbidden && export.text.contains("export voices"))
      #expect(try await client.get(latents).status == .ok)
      for path in ["/api/v1/tts/dead", "/api/v1/tts/requests"] {
        #expect(try await client.execute(uri: path, method: .get, headers: evil).status == .forbidden)
        #expect(try await client.get(path).status == .ok)
      }
      let synthesis = try await client.execute(uri: "/api/v1/tts/synthesize", method: .post, headers: evil)
      #expect(synthesis.status != .forbidden)
    }
  }

  @Test func onlyListedHostsAreAnswered() async throws {
    try await makeServer { $0.allowedHosts = ["tts.example"] }.serve { client in
      let (models, health) = (try await client.get("/v1/models"), try await client.get("/health"))
      #expect(models.status == .forbidden && health.status == .ok)
    }
  }
}

/// The rules behind it, as a pure function.
struct CrossOriginPolicyTests {
  private func isRefused(
    _ origin: String, host: String, origins: [String] = ["*"], hosts: [String] = [], token: Bool = false,
    path: String = "/api/v1/tts/voices"
  ) -> Bool {
    CrossOriginPolicy(allowedOrigins: origins, allowedHosts: hosts, needsToken: token)
      .refusal(method: .post, path: path, origin: origin, host: host) != nil
  }

  @Test func theOwnPageIsKnownByItsAddressOrAListedName() {
    #expect(!isRefused("http://127.0.0.1:8081", host: "127.0.0.1:8081"))
    #expect(!isRefused("http://[::1]:8081", host: "[::1]:8081"))
    #expect(!isRefused("http://localhost:8081", host: "LOCALHOST:8081"))
    // A rebound name: page and service share it, but it is not listed.
    #expect(isRefused("http://rebound.example:8081", host: "rebound.example:8081"))
    #expect(!isRefused("http://tts.example", host: "tts.example", hosts: ["TTS.example"]))
    #expect(isRefused("http://127.0.0.1:9000", host: "127.0.0.1:8081"))
    #expect(isRefused("null", host: "127.0.0.1:8081"))
  }

  @Test func aTokenOrAnAllowedOriginOpensWhatAStarDoesNot() {
    #expect(!isRefused("https://a.example", host: "h", token: true))
    #expect(!isRefused("https://A.example", host: "h", origins: ["https://a.example"]))
    #expect(isRefused("https://b.example", host: "h", origins: ["https://a.example"], token: true))
    #expect(!isRefused("https://b.example", host: "h", path: "/v1/audio/speech"))
    #expect(isRefused("https://b.example", host: "h", origins: ["https://a.example"], path: "/v1/audio/speech"))
  }
}
