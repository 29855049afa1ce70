import Foundation
import HTTPTypes
import Hummingbird
import SpeechCore
import Testing

@testable import HTTPAdapter

/// The shared memory of requests, and the answer to a request that does not fit.
@Suite(.timeLimit(.minutes(1)))
struct BudgetTests {
  private static let path = "/api/v1/tts/synthesize"

  /// - Parameter announced: bytes that the head promises; more than come.
  private func post(_ body: String, announced: Int? = nil) -> String {
    "POST \(Self.path) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      + "Content-Length: \(announced ?? body.utf8.count)\r\n\r\n\(body)"
  }

  private func padded(_ json: String, to count: Int) -> String {
    json + String(repeating: " ", count: count - json.utf8.count)
  }

  /// F15: clients that send bodies and never end them hold no more than the budget, and others are served meanwhile.
  @Test func bodiesTogetherHoldNoMoreThanTheirBudget() async throws {
    let budgets = MemoryBudgets(bodies: 4 << 20)
    let service = StubService()
    let (size, clientCount) = (1 << 20, 16)
    let counted = MemoryBudgets.countedBytes(ofBody: size)
    try await withServer(makeServer(service, budgets: budgets)) { port in
      var clients: [RawClient] = []
      for _ in 0..<clientCount {
        let (used, refused) = (budgets.bodies.usedBytes, service.refusals.withLock { $0.count })
        let client = try await RawClient(port: port)
        clients.append(client)
        try await client.send(post(padded("{", to: size), announced: 2 * size))
        while budgets.bodies.usedBytes < used + counted, service.refusals.withLock({ $0.count }) == refused {
          #expect(budgets.bodies.usedBytes <= budgets.bodies.limit)
          await Task.yield()
        }
      }
      #expect(budgets.bodies.usedBytes == 4 * counted)
      #expect(
        service.refusals.withLock { $0 } == Array(repeating: "synthesize overloaded", count: clientCount - 4))
      for client in clients.dropFirst(4) {
        let answer = try await client.readToEnd().lowercased()
        #expect(answer.contains("429") && answer.contains("retry-after: 2") && answer.contains("\"retryable\":true"))
      }
      let small = try await RawClient(port: port)
      try await small.send(post(#"{"text":"words only"}"#))
      #expect(try await small.read(until: "request_id").contains("200 OK"))

      for client in clients.prefix(4) { try await client.close() }
      while budgets.bodies.usedBytes > 0 { await Task.yield() }
      let large = try await RawClient(port: port)
      try await large.send(post(padded(#"{"text":"again"}"#, to: size)))
      #expect(try await large.read(until: "request_id").contains("200 OK"))
      while budgets.bodies.usedBytes + budgets.replies.usedBytes > 0 { await Task.yield() }
    }
  }

  @Test(arguments: ["forever", "text_too_long"])
  func aBodyIsHeldUntilItsRequestEnds(text: String) async throws {
    let budgets = MemoryBudgets()
    let service = StubService()
    try await withServer(makeServer(service, budgets: budgets)) { port in
      let client = try await RawClient(port: port)
      try await client.send(post(padded(#"{"text":"\#(text)"}"#, to: 200_000)))
      while service.contexts.withLock({ $0.isEmpty }) { await Task.yield() }
      if text == "forever" {
        #expect(budgets.bodies.usedBytes == MemoryBudgets.countedBytes(ofBody: 200_000))
        #expect(budgets.replies.usedBytes == 7 * 6_400)
        try await client.close()
      }
      while budgets.bodies.usedBytes + budgets.replies.usedBytes > 0 { await Task.yield() }
    }
  }

  @Test func aBodyThatCouldNeverBeHeldIsTooLarge() async throws {
    let server = makeServer(budgets: MemoryBudgets(bodies: 1_000))
    try await server.serve { client in
      let answer = try await client.post(Self.path, padded(#"{"text":"x"}"#, to: 100_000))
      #expect(answer.status == .contentTooLarge)
    }
  }

  @Test func withoutRoomForItsReplyARequestIsToldToTryAgain() async throws {
    let budgets = MemoryBudgets(replies: 7 * 6_400)
    let service = StubService()
    try await withServer(makeServer(service, budgets: budgets)) { port in
      let first = try await RawClient(port: port)
      try await first.send(post(#"{"text":"forever"}"#))
      while service.contexts.withLock({ $0.isEmpty }) { await Task.yield() }
      try await makeServer(service, budgets: budgets).serve { client in
        for (path, body) in [(Self.path, #"{"text":"x"}"#), ("/v1/audio/speech", #"{"input":"x","model":"m"}"#)] {
          let answer = try await client.post(path, body)
          #expect(answer.status == .tooManyRequests && answer.errorCode == "overloaded")
          #expect(answer.headers[.retryAfter] == "2")
        }
        #expect(service.refusals.withLock { $0 } == ["synthesize overloaded", "synthesize overloaded"])
        try await first.close()
        while budgets.replies.usedBytes > 0 { await Task.yield() }
        #expect(try await client.post(Self.path, #"{"text":"x"}"#).status == .ok)
        #expect(budgets.replies.usedBytes == 0)
      }
    }
  }

  @Test func aReplyIsHeldUntilItIsOut() async throws {
    let budgets = MemoryBudgets()
    try await withServer(makeServer(budgets: budgets)) { port in
      let client = try await RawClient(port: port, reads: false)
      try await client.send(post(#"{"text":"endless","stream":true}"#))
      while budgets.replies.usedBytes != 7 * 6_400 { await Task.yield() }
      try await client.close()
      while budgets.replies.usedBytes > 0 { await Task.yield() }
    }
  }

  @Test func recordingsAreRefusedWhileNoneCanBeDecoded() async throws {
    let budgets = MemoryBudgets(audio: 1_000)
    let others = budgets.audio.reservation()
    try others.take(1_000)
    let service = StubService()
    try await makeServer(service, budgets: budgets).serve { client in
      for path in [Self.path, "/api/v1/tts/voices"] {
        let answer = try await client.post(path, #"{"text":"x","speaker_wav_base64":"AAAA"}"#)
        #expect(answer.status == .tooManyRequests && answer.errorCode == "overloaded")
      }
      #expect(try await client.post(Self.path, #"{"text":"x"}"#).status == .ok)
      others.release()
      #expect(try await client.post(Self.path, #"{"text":"x","speaker_wav_base64":"AAAA"}"#).status == .ok)
      #expect(service.refusals.withLock { $0 } == ["synthesize overloaded", "register_voice overloaded"])
    }
  }
}
