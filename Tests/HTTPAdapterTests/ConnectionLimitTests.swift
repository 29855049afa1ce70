import Testing

@testable import HTTPAdapter

/// F16, on real sockets.
@Suite(.timeLimit(.minutes(1)))
struct ConnectionLimitTests {
  private static let health = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
  private static let endless = #"{"text":"forever"}"#
  private static let work =
    "POST /api/v1/tts/synthesize HTTP/1.1\r\nHost: x\r\nContent-Length: \(endless.utf8.count)\r\n\r\n\(endless)"

  @Test func idleConnectionsOfOneAddressLeaveRoomForOthers() async throws {
    try await withServer(makeServer { $0.connectionsPerAddress = 4 }) { port in
      var crowd: [RawClient] = []
      for _ in 0..<8 {
        let client = try await RawClient(port: port)
        // A head that never ends.
        try await client.send("GET /health HTTP/1.1\r\n")
        crowd.append(client)
      }
      for client in crowd.prefix(4) { #expect(try await client.readToEnd().isEmpty) }
      // Health of the same address and of another one.
      for address in ["127.0.0.1", "127.0.0.2"] {
        let probe = try await RawClient(port: port, from: address)
        try await probe.send(Self.health)
        #expect(try await probe.read(until: "components").contains("200 OK"))
      }
      try await crowd[7].send("Host: x\r\n\r\n")
      #expect(try await crowd[7].read(until: "components").contains("200 OK"))
    }
  }

  @Test func requestsUnderWayAreKeptAndOnlyTheirAddressIsFull() async throws {
    let service = StubService()
    try await withServer(makeServer(service) { $0.connectionsPerAddress = 3 }) { port in
      var busy: [RawClient] = []
      for number in 1...3 {
        let client = try await RawClient(port: port)
        try await client.send(Self.work)
        while service.contexts.withLock({ $0.count }) < number { await Task.yield() }
        busy.append(client)
      }
      #expect(try await RawClient(port: port).readToEnd().isEmpty)
      let other = try await RawClient(port: port, from: "127.0.0.2")
      try await other.send(Self.health)
      #expect(try await other.read(until: "components").contains("200 OK"))
      #expect(!service.wasCancelled.withLock { $0 })
      try await busy[0].close()
      while !service.wasCancelled.withLock({ $0 }) { await Task.yield() }
      let next = try await RawClient(port: port)
      try await next.send(Self.health)
      #expect(try await next.read(until: "components").contains("200 OK"))
    }
  }

  @Test func withoutALimitAnAddressMayHaveAllConnections() async throws {
    let server = makeServer {
      $0.connectionsPerAddress = 0
      $0.maximumConnections = 6
    }
    try await withServer(server) { port in
      var clients: [RawClient] = []
      for _ in 0..<6 { clients.append(try await RawClient(port: port)) }
      for client in clients {
        try await client.send(Self.health)
        #expect(try await client.read(until: "components").contains("200 OK"))
      }
      // Those of all addresses have a limit too, and the longest idle connection makes room.
      let next = try await RawClient(port: port, from: "127.0.0.2")
      try await next.send(Self.health)
      #expect(try await next.read(until: "components").contains("200 OK"))
      #expect(try await clients[0].readToEnd().isEmpty)
    }
  }
}
