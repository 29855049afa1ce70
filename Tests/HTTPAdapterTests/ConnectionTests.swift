import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOPosix
import Testing

@testable import HTTPAdapter

/// Behaviour that needs a real socket.
struct ConnectionTests {
  @Test func aStreamStartsBeforeItsEndExists() async throws {
    let service = StubService()
    try await makeServer(service).serve { server in
      let client = try await RawClient(port: server.port)
      try await client.send(post(#"{"text":"wait","stream":true}"#))
      let head = try await client.read(until: "one")
      #expect(head.contains("200 OK"))
      #expect(head.lowercased().contains("transfer-encoding: chunked"))
      #expect(head.contains("audio/pcm"))
      await service.gate.open()
      #expect(try await client.read(until: "0\r\n\r\n").contains("two"))
    }
  }

  @Test func aStreamThatFailsMidwayIsCutOff() async throws {
    try await makeServer().serve { server in
      let client = try await RawClient(port: server.port)
      try await client.send(post(#"{"text":"break","stream":true}"#))
      let all = try await client.readToEnd()
      #expect(all.contains("one"))
      #expect(!all.contains("0\r\n\r\n"))
    }
  }

  @Test(arguments: [false, true])
  func aClientThatLeavesCancelsItsWork(stream: Bool) async throws {
    let service = StubService()
    try await makeServer(service).serve { server in
      let client = try await RawClient(port: server.port)
      try await client.send(post(#"{"text":"forever","stream":\#(stream)}"#))
      while service.contexts.withLock({ $0.isEmpty }) { try await Task.sleep(for: .milliseconds(2)) }
      try await client.close()
      while !service.wasCancelled.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(2)) }
    }
  }

  @Test func aClientThatLeavesAnEndlessStreamStopsIt() async throws {
    let service = StubService()
    try await makeServer(service).serve { server in
      let client = try await RawClient(port: server.port)
      try await client.send(post(#"{"text":"endless","stream":true}"#))
      _ = try await client.read(until: "one")
      try await client.close()
      while !service.wasCancelled.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(2)) }
    }
  }

  @Test func aClientThatStopsReadingIsCutOff() async throws {
    let service = StubService()
    try await makeServer(service) { $0.transferTimeout = .milliseconds(200) }.serve { server in
      let client = try await RawClient(port: server.port, reads: false)
      try await client.send(post(#"{"text":"endless","stream":true}"#))
      while !service.wasCancelled.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(2)) }
      // The server may have closed the connection already.
      try? await client.close()
    }
  }

  @Test func aHalfRequestIsGivenUp() async throws {
    try await makeServer { $0.transferTimeout = .milliseconds(200) }.serve { server in
      let client = try await RawClient(port: server.port)
      try await client.send("POST /api/v1/tts/synthesize HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"te")
      #expect(try await client.readToEnd().contains("408"))
    }
    try await makeServer { $0.idleTimeout = .milliseconds(200) }.serve { server in
      let client = try await RawClient(port: server.port)
      // On a busy machine the idle time may be over before the first byte is sent.
      try? await client.send("POST /api/v1/tts/synth")
      let answer = try? await client.readToEnd()
      #expect(answer?.isEmpty != false)
    }
  }

  @Test func connectionsAreKeptAndExpectationsAnswered() async throws {
    try await makeServer().serve { server in
      let client = try await RawClient(port: server.port)
      let body = #"{"text":"x"}"#
      try await client.send(
        "POST /api/v1/tts/synthesize HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
          + "Content-Length: \(body.count)\r\n\r\n"
      )
      #expect(try await client.read(until: "\r\n\r\n").contains("100 Continue"))
      try await client.send(body)
      #expect(try await client.read(until: "request_id").contains("200 OK"))
      try await client.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(try await client.read(until: "components").contains("200 OK"))
      try await client.send("nonsense\r\n\r\n")
      #expect(try await client.readToEnd().contains("400"))
    }
  }

  /// F26: the client's fault, so it is neither retryable nor counted as a failure of the service.
  @Test func aMalformedChunkSizeIsABadRequest() async throws {
    let service = StubService()
    try await makeServer(service).serve { server in
      let client = try await RawClient(port: server.port)
      try await client.send(
        "POST /api/v1/tts/synthesize HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
      let answer = try await client.readToEnd()
      #expect(answer.contains("400 Bad Request"))
      #expect(answer.contains("chunk sizes") && answer.contains(#""retryable":false"#))
      #expect(service.refusals.withLock { $0 } == ["synthesize invalid_request"])
    }
  }

  private func post(_ body: String) -> String {
    "POST /api/v1/tts/synthesize HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }
}
