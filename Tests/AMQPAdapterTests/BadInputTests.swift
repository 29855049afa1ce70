import Foundation
import RabbitMQ
import SpeechCore
import TestSupport
import Testing

@testable import AMQPAdapter

@Suite(.timeLimit(.minutes(2)))
struct BadInputTests {
  private static let malformed: [(String, SpeechError.Code)] = [
    ("not json", .invalidJSON), ("", .invalidJSON), ("[]", .invalidRequest), ("7", .invalidRequest),
    ("{\"text\":", .invalidJSON), ("{}", .invalidRequest), (#"{"text":5}"#, .invalidRequest),
    (#"{"text":""}"#, .textEmpty), (#"{"text":" \n "}"#, .textEmpty),
    (#"{"text":"a","language":"klingon"}"#, .unsupportedLanguage), (#"{"text":"a","language":3}"#, .invalidRequest),
    (#"{"text":"a","speaker_id":"unknown"}"#, .unknownSpeaker),
    (#"{"text":"a","speaker_wav_base64":"%%%"}"#, .invalidAudio), (#"{"text":"a","format":"aiff"}"#, .invalidRequest),
    (#"{"text":"a","stream":"yes"}"#, .invalidRequest), (#"{"text":"a","seed":-1}"#, .invalidRequest),
    (#"{"text":"a","temperature":9}"#, .invalidRequest), (#"{"text":"a","top_k":0}"#, .invalidRequest),
    (#"{"text":"a","speed":1e999}"#, .invalidRequest),
    (String(repeating: #"{"a":"#, count: 100_000), .invalidJSON),
  ]

  @Test func twentyMalformedRequestsInARowThenAGoodOne() async throws {
    let bus = try await BusFixture()
    let requester = try await bus.requester()
    for (body, code) in Self.malformed {
      let raw = try await requester.send(Data(body.utf8), to: bus.configuration.names.synthesize)
      let reply = try JSONDecoder().decode(ErrorReply.self, from: raw.body)
      #expect(reply.status == "error")
      #expect(reply.error.code == code, "\(body.prefix(60))")
    }
    var notUTF8 = Data(#"{"text":"a"#.utf8)
    notUTF8.append(contentsOf: [0xff, 0xfe, 0x22, 0x7d])
    let raw = try await requester.send(notUTF8, to: bus.configuration.names.synthesize)
    #expect(try JSONDecoder().decode(ErrorReply.self, from: raw.body).error.code == .invalidJSON)
    // Requests that never reached the handler have audit records too.
    let refused = Self.malformed.map(\.1).filter { $0 != .unknownSpeaker } + [.invalidJSON]
    #expect(bus.handler.refusals.map(\.code) == refused)
    #expect(try await requester.synthesize(SynthesisRequest(text: "good")).audio != nil)
    await requester.close()
    await bus.stop()
  }

  @Test func whatNeverReachesTheServiceIsPutOnRecord() async throws {
    let bus = try await BusFixture()
    let requester = try await bus.requester()
    let names = bus.configuration.names
    for queue in [names.registerVoice, names.deleteVoice, names.listVoices] {
      _ = try await requester.send(Data("{".utf8), to: queue)
    }
    let late = RequestOptions(deadline: Date(timeIntervalSince1970: 1_600_000_000))
    _ = try await requester.send(Data(#"{"text":"late"}"#.utf8), to: names.synthesize, options: late)
    let refusals = bus.handler.refusals
    #expect(refusals.map(\.action) == [.registerVoice, .deleteVoice, .synthesize])
    #expect(refusals.map(\.code) == [.invalidJSON, .invalidJSON, .deadlineExceeded])
    #expect(bus.handler.started.isEmpty)
    await requester.close()
    await bus.stop()
  }

  @Test func tooLargeABodyIsRefused() async throws {
    let bus = try await BusFixture()
    let requester = try await bus.requester()
    let raw = try await requester.send(Data(count: 20_000_000), to: bus.configuration.names.synthesize)
    let error = try JSONDecoder().decode(ErrorReply.self, from: raw.body).error
    #expect(error.code == .invalidRequest && error.message.contains("20000000"))
    #expect(try await requester.synthesize(SynthesisRequest(text: "good")).audio != nil)
    await requester.close()
    await bus.stop()
  }

  @Test func withoutReplyToItIsADeadLetterWithTheReason() async throws {
    let bus = try await BusFixture()
    let (connection, channel) = try await bus.channel()
    var message = Message(body: Data("not json".utf8))
    message.properties.headers = ["CC": .array([.string(bus.configuration.names.dead)]), "mine": "kept"]
    message.properties.headers["CC"] = nil
    message.properties.userID = "guest"
    try await channel.publish(message, routingKey: bus.configuration.names.synthesize)
    let dead = try await bus.takeDeadLetter()
    #expect(dead.body == message.body)
    #expect(dead.properties.headers["x-error-code"] == "invalid_json")
    #expect(dead.properties.headers["x-error-message"]?.stringValue?.isEmpty == false)
    #expect(dead.properties.headers["x-attempts"] == 1)
    #expect(dead.properties.headers["x-original-queue"] == .string(bus.configuration.names.synthesize))
    #expect(dead.properties.headers["mine"] == "kept")
    #expect(dead.properties.headers["x-original-user-id"] == "guest")

    let valid = try JSONEncoder().encode(SynthesisRequest(text: "no reply address"))
    try await channel.publish(Message(body: valid), routingKey: bus.configuration.names.synthesize)
    #expect(try await bus.takeDeadLetter().properties.headers["x-error-code"] == "invalid_request")
    #expect(bus.handler.started.isEmpty)
    await connection.close()
    await bus.stop()
  }

  @Test func aReplyQueueThatDoesNotExistMeansNoWork() async throws {
    let bus = try await BusFixture()
    let (connection, channel) = try await bus.channel()
    for replyTo in ["no-such-queue", "amq.rabbitmq.reply-to.g1h2AA.invalid"] {
      let properties = MessageProperties(correlationID: "x", replyTo: replyTo)
      let body = try JSONEncoder().encode(SynthesisRequest(text: "no reply address"))
      try await channel.publish(
        Message(properties: properties, body: body), routingKey: bus.configuration.names.synthesize)
    }
    try await eventually { bus.events.count(.skipped(.requesterGone)) == 2 }
    #expect(bus.handler.started.isEmpty)
    try await eventually { try await bus.messageCount(bus.configuration.names.synthesize) == 0 }
    #expect(try await bus.messageCount(bus.configuration.names.dead) == 0)
    #expect(bus.events.all.allSatisfy { if case .deadLettered = $0 { false } else { true } })
    #expect(bus.handler.refusals.map(\.code) == [.cancelled, .cancelled])
    await connection.close()
    await bus.stop()
  }

  @Test func absurdPropertiesAreReadAsAbsent() async throws {
    let bus = try await BusFixture()
    let (connection, channel) = try await bus.channel()
    let queue = try await channel.declare(QueueDeclaration(name: "", exclusive: true))
    var properties = MessageProperties(
      priority: 255, correlationID: String(repeating: "c", count: 255), replyTo: queue.name)
    properties.headers = [
      "x-deadline": "soon", "x-attempts": .table(["a": 1]), "traceparent": .array([1]),
      "x-delivery-count": -5, "wide": .array(Array(repeating: .string("x"), count: 2000)),
    ]
    let body = try JSONEncoder().encode(SynthesisRequest(text: "odd"))
    try await channel.publish(
      Message(properties: properties, body: body), routingKey: bus.configuration.names.synthesize)
    var reply: Message?
    try await eventually {
      reply = try await channel.get(queue: queue.name, noAcknowledge: true)?.message
      return reply != nil
    }
    #expect(reply?.properties.headers["traceparent"] == nil)
    #expect(reply?.properties.correlationID == properties.correlationID)
    await connection.close()
    await bus.stop()
  }
}
