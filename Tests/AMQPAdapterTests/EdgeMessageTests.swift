import Foundation
import RabbitMQ
import SpeechCore
import TestSupport
import Testing

@testable import AMQPAdapter

/// Messages as frameworks and other clients send them.
@Suite(.timeLimit(.minutes(2)))
struct EdgeMessageTests {
  /// Sends one message and returns the reply's object.
  private func ask(
    _ bus: BusFixture, _ body: Data, to queue: String? = nil, _ change: (inout MessageProperties) -> Void = { _ in }
  ) async throws -> [String: Any] {
    let (connection, channel) = try await bus.channel()
    let own = try await channel.declare(QueueDeclaration(name: "", exclusive: true))
    var properties = MessageProperties(correlationID: "c", replyTo: own.name)
    change(&properties)
    try await channel.publish(
      Message(properties: properties, body: body), routingKey: queue ?? bus.configuration.names.synthesize)
    let reply = try await bus.takeReply(from: own.name, channel)
    await connection.close()
    return try #require(try JSONSerialization.jsonObject(with: reply.body) as? [String: Any])
  }

  private func code(_ reply: [String: Any]) -> String? {
    ((reply["error"] ?? reply["err"]) as? [String: Any])?["code"] as? String ?? reply["status"] as? String
  }

  @Test func nestsPacketsAreAnsweredInKind() async throws {
    let bus = try await BusFixture()
    let names = bus.configuration.names
    let good = try await ask(bus, Data(#"{"pattern":"x","data":{"text":"Hi."},"id":"abc"}"#.utf8))
    #expect(Set(good.keys) == ["id", "isDisposed", "response"] && good["id"] as? String == "abc")
    #expect(good["isDisposed"] as? Bool == true)
    #expect((good["response"] as? [String: Any])?["status"] as? String == "ok")
    let bad = try await ask(bus, Data(#"{"pattern":{"cmd":"x"},"data":{"text":7},"id":"abc"}"#.utf8))
    #expect(Set(bad.keys) == ["err", "id", "isDisposed"] && code(bad) == "invalid_request")
    let failed = try await ask(bus, Data(#"{"pattern":"x","data":{"text":"fail=invalid_audio"},"id":"abc"}"#.utf8))
    #expect(code(failed) == "invalid_audio")
    let voices = try await ask(bus, Data(#"{"pattern":"x","data":{},"id":"v"}"#.utf8), to: names.listVoices)
    #expect((voices["response"] as? [String: Any])?["voices"] != nil && voices["id"] as? String == "v")
    let voice = try await ask(bus, Data(#"{"pattern":"x","data":{},"id":"v"}"#.utf8), to: names.registerVoice)
    #expect((voice["err"] as? [String: Any])?["field"] as? String == "speaker_wav_base64")
    await bus.stop()
  }

  @Test func packedBodiesAreRead() async throws {
    let bus = try await BusFixture { $0.maxRequestBytes = 100_000 }
    let packed = try #require(Data(base64Encoded: "eJyrVipJrShRslIKSEzOTk3RU6oFADnmBfY="))
    for encoding in ["gzip", "deflate", "DEFLATE"] {
      #expect(code(try await ask(bus, packed) { $0.contentEncoding = encoding }) == "ok", "\(encoding)")
    }
    for encoding in ["zstd", "utf-8", ""] {
      #expect(code(try await ask(bus, Data(#"{"text":"a"}"#.utf8)) { $0.contentEncoding = encoding }) == "ok")
    }
    for (encoding, body) in [("gzip", packed.prefix(9)), ("zstd", packed)] {
      let refused = try await ask(bus, Data(body)) { $0.contentEncoding = encoding }
      #expect((refused["error"] as? [String: Any])?["field"] as? String == "content_encoding", "\(encoding)")
    }
    await bus.stop()
  }

  @Test func springsAddressesAreUnderstood() async throws {
    let bus = try await BusFixture()
    let (connection, channel) = try await bus.channel()
    let exchange = "spring-\(UUID().uuidString.prefix(8))"
    try await channel.declare(ExchangeDeclaration(name: exchange, kind: .direct))
    let own = try await channel.declare(QueueDeclaration(name: "", exclusive: true))
    try await channel.bind(queue: own.name, exchange: exchange, routingKey: "rk/1")
    for (body, address) in [
      (#"{"text":"a"}"#, "\(exchange)/rk/1"), (#"{"text":"a"}"#, "direct://\(exchange)/rk/1"),
      (#"{"text":1}"#, "/\(own.name)"),
    ] {
      let properties = MessageProperties(correlationID: "c", replyTo: address)
      try await channel.publish(
        Message(properties: properties, body: Data(body.utf8)), routingKey: bus.configuration.names.synthesize)
      #expect(try await bus.takeReply(from: own.name, channel).properties.correlationID == "c", "\(address)")
    }
    // An exchange that does not exist is a requester that is gone, and hurts no other reply.
    for address in ["no-such-exchange/rk", "\(exchange)/nowhere", "\(bus.configuration.names.control)/x"] {
      try await channel.publish(
        Message(properties: MessageProperties(replyTo: address), body: Data(#"{"text":"a"}"#.utf8)),
        routingKey: bus.configuration.names.synthesize)
    }
    try await eventually { bus.events.count(.skipped(.requesterGone)) == 3 }
    #expect(code(try await ask(bus, Data(#"{"text":"a"}"#.utf8))) == "ok")
    #expect(bus.service.currentState.reconnectCount == 0)
    try await channel.delete(exchange: exchange)
    await connection.close()
    await bus.stop()
  }

  @Test func deadlinesAreReadAsClientsWriteThem() async throws {
    let bus = try await BusFixture()
    let now = Date().timeIntervalSince1970
    let body = Data(#"{"text":"a"}"#.utf8)
    func ask(_ value: FieldValue) async throws -> [String: Any] {
      try await self.ask(bus, body) { $0.headers["x-deadline"] = value }
    }
    for (value, expected) in [
      (.timestamp(UInt64(now + 60)), "ok"), (.timestamp(UInt64(now - 60)), "deadline_exceeded"),
      (.integer(Int64(now + 60)), "ok"), (.integer(Int64(now - 60)), "deadline_exceeded"),
      (.double(now * 1000 + 60_000), "ok"), ("2060-01-01T00:00:00Z", "ok"),
      ("2020-01-01T00:00:00.5+02:00", "deadline_exceeded"), (30_000, "invalid_request"), (-1, "invalid_request"),
    ] as [(FieldValue, String)] {
      #expect(code(try await ask(value)) == expected, "\(value)")
    }
    let refused = try await ask(30_000)["error"] as? [String: Any]
    #expect(refused?["field"] as? String == "x-deadline")
    #expect((refused?["message"] as? String)?.contains("30000") == true)
    for value in [.bytes(Data("soon".utf8)), "60s", .bool(true), .table([:])] as [FieldValue] {
      let warnings = try await ask(value)["warnings"] as? [String]
      #expect(warnings?.count == 1 && warnings?[0].contains("x-deadline") == true, "\(value)")
    }
    await bus.stop()
  }

  @Test func equalRepliesHaveSortedMembers() async throws {
    let bus = try await BusFixture()
    let requester = try await bus.requester()
    let raw = try await requester.send(Data(#"{"text":5}"#.utf8), to: bus.configuration.names.synthesize)
    #expect(
      String(decoding: raw.body, as: UTF8.self).hasPrefix(
        #"{"error":{"code":"invalid_request","field":"text","message":"#))
    await requester.close()
    await bus.stop()
  }
}
