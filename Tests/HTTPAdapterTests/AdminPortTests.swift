import HTTPTypes
import Hummingbird
import Testing

@testable import HTTPAdapter

/// `SPEECHBUS_ADMIN_PORT`, on real sockets.
struct AdminPortTests {
  @Test func metricsMoveToTheSeparatePortAndHealthIsOnBoth() async throws {
    let server = makeServer {
      $0.adminPort = 0
      $0.tokens = AccessTokens("secret")
    }
    let authorized: HTTPFields = [.authorization: "Bearer secret"]
    try await server.serve { main in
      let health = try await main.get("/health").status
      #expect(health == .ok)
      let moved = try await main.get("/metrics", headers: authorized).status
      #expect(moved == .notFound)
      try await server.serveAdministration { admin in
        for path in ["/health", "/health/live", "/health/ready"] {
          let status = try await admin.get(path).status
          #expect(status == .ok)
        }
        let anonymous = try await admin.get("/metrics").status
        #expect(anonymous == .unauthorized)
        let metrics = try await admin.get("/metrics", headers: authorized).text
        #expect(metrics == "speechbus_slots 8\n")
        for path in ["/", "/api/v1/tts/voices", "/openapi.json"] {
          let status = try await admin.get(path, headers: authorized).status
          #expect(status == .notFound)
        }
      }
    }
  }

  @Test func connectionsOfTheMainPortDoNotCount() async throws {
    let server = makeServer {
      $0.adminPort = 0
      $0.maximumConnections = 1
    }
    try await server.serve { main in
      let client = try await RawClient(port: main.port)
      try await client.send("POST /api/v1/tts/synthesize HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
      try await server.serveAdministration { admin in
        let health = try await admin.get("/health").status
        #expect(health == .ok)
      }
      try await client.close()
    }
  }

  @Test func withoutItTheMainPortHasBoth() async throws {
    let server = makeServer()
    #expect(server.administration() == nil)
    try await server.serve { main in
      let health = try await main.get("/health").status
      #expect(health == .ok)
      let metrics = try await main.get("/metrics").status
      #expect(metrics == .ok)
    }
  }
}
