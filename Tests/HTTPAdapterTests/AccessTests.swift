import HTTPTypes
import Hummingbird
import SpeechCore
import Testing

@testable import HTTPAdapter

struct AccessTests {
  @Test func aTokenClosesAllButHealthAndTheDescription() async throws {
    try await makeServer { $0.token = "secret" }.serve { client in
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
      $0.token = "secret"
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
}
