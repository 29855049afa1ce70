import Foundation
import RabbitMQ
import SpeechCore
import TestSupport
import Testing

@testable import AMQPAdapter

/// A reply that the requester's queue refuses waits in a separate queue and keeps its result.
@Suite(.timeLimit(.minutes(2)))
struct RefusedReplyTests {
  /// A queue that holds one message and refuses more.
  private func fullQueue(_ channel: Channel) async throws -> String {
    let name = "full-\(UUID().uuidString)"
    try await channel.declare(
      QueueDeclaration(name: name, arguments: ["x-max-length": 1, "x-overflow": "reject-publish"]))
    try await channel.publish(Message(body: Data("in the way".utf8)), routingKey: name)
    try await eventually { try await channel.inspect(queue: name).messageCount == 1 }
    return name
  }

  private func request(
    _ body: String, replyTo: String, correlationID: String = "c", deadline: Date? = nil
  ) -> Message {
    var properties = MessageProperties(correlationID: correlationID, replyTo: replyTo)
    if let deadline { properties.headers["x-deadline"] = .integer(Int64(deadline.timeIntervalSince1970 * 1000)) }
    return Message(properties: properties, body: Data(body.utf8))
  }

  @Test func eightRefusedRepliesAreMadeOnceAndDelayNoOtherRequest() async throws {
    let bus = try await BusFixture {
      $0.slots = 1
      $0.lookahead = 1
      $0.replyRetryDelay = .milliseconds(300)
    }
    let names = bus.configuration.names
    let (connection, channel) = try await bus.channel()
    let full = try await fullQueue(channel)
    for number in 0..<8 {
      let message = request(#"{"text":"refused \#(number)"}"#, replyTo: full, correlationID: "\(number)")
      try await channel.publish(message, routingKey: names.synthesize)
    }
    // If refused replies used the prefetch, all of it would be taken now.
    let requester = try await bus.requester()
    #expect(try await requester.synthesize(SynthesisRequest(text: "another client")).audio != nil)
    for _ in 0..<8 {
      let dead = try await bus.takeDeadLetter()
      #expect(dead.properties.headers["x-error-code"] == "reply_refused")
      #expect(dead.properties.headers["x-original-queue"] == .string(names.synthesize))
      #expect(dead.properties.headers["x-reply-bytes"] == nil && dead.properties.replyTo == full)
      #expect(String(decoding: dead.body, as: UTF8.self).hasPrefix(#"{"text":"refused "#))
    }
    #expect(bus.handler.started.count { $0.hasPrefix("refused") } == 8)
    #expect(bus.events.count(.replyRefused) == 8 * RefusedReplyPolicy.maximumAttempts)
    #expect(bus.service.currentState.reconnectCount == 0)
    try await channel.delete(queue: full)
    await requester.close()
    await connection.close()
    await bus.stop()
  }

  @Test(arguments: [AMQPConfiguration.QueueType.classic, .quorum])
  func aQueueThatIsEmptiedGetsItsReplyUnchanged(type: AMQPConfiguration.QueueType) async throws {
    let bus = try await BusFixture {
      $0.queueType = type
      $0.replyRetryDelay = .milliseconds(500)
    }
    let (connection, channel) = try await bus.channel()
    let full = try await fullQueue(channel)
    let message = request(#"{"text":"patient"}"#, replyTo: full, correlationID: "p")
    try await channel.publish(message, routingKey: bus.configuration.names.synthesize)
    try await eventually { bus.events.count(.replyRefused) == 1 }
    _ = try await channel.get(queue: full, noAcknowledge: true)
    let reply = try await bus.takeReply(from: full, channel)
    #expect(reply.properties.correlationID == "p")
    let spoken = try JSONDecoder().decode(SynthesisReply.self, from: reply.body)
    #expect(spoken.audio == StubSpeechHandler.audio(for: "patient"))
    #expect(bus.handler.started == ["patient"])
    try await channel.delete(queue: full)
    await connection.close()
    await bus.stop()
  }

  @Test func anotherWorkerDeliversWhatOneLeftWaiting() async throws {
    let bus = try await BusFixture {
      $0.prefetch = 1
      $0.replyRetryDelay = .seconds(2)
    }
    let (connection, channel) = try await bus.channel()
    let full = try await fullQueue(channel)
    try await channel.publish(
      request(#"{"text":"once"}"#, replyTo: full), routingKey: bus.configuration.names.synthesize)
    // The prefetch is one, so this request begins after the first one was acknowledged.
    let requester = try await bus.requester()
    _ = try await requester.synthesize(SynthesisRequest(text: "next"))
    await requester.close()
    await bus.stopKeepingQueues()
    _ = try await channel.get(queue: full, noAcknowledge: true)
    let names = bus.configuration.names
    let second = try await BusFixture { $0.names = names }
    let reply = try await second.takeReply(from: full, channel)
    #expect(try JSONDecoder().decode(SynthesisReply.self, from: reply.body).audio != nil)
    #expect(!second.handler.started.contains("once"))
    try await channel.delete(queue: full)
    await connection.close()
    await second.stop()
  }

  @Test func aStreamThatIsRefusedEndsAndIsParked() async throws {
    let bus = try await BusFixture()
    let (connection, channel) = try await bus.channel()
    let full = try await fullQueue(channel)
    try await channel.publish(
      request(#"{"text":"chunks=4","stream":true}"#, replyTo: full), routingKey: bus.configuration.names.synthesize)
    #expect(try await bus.takeDeadLetter().properties.headers["x-error-code"] == "reply_refused")
    #expect(bus.handler.started == ["chunks=4"])
    try await channel.delete(queue: full)
    await connection.close()
    await bus.stop()
  }

  @Test func aRegistrationThatCannotBeAnsweredRegistersOneVoice() async throws {
    let bus = try await BusFixture { $0.replyRetryDelay = .milliseconds(100) }
    let names = bus.configuration.names
    let (connection, channel) = try await bus.channel()
    let full = try await fullQueue(channel)
    let before = try await bus.handler.voices().count
    let body = #"{"display_name":"Once","speaker_wav_base64":"UklGRg=="}"#
    try await channel.publish(request(body, replyTo: full), routingKey: names.registerVoice)
    let dead = try await bus.takeDeadLetter()
    #expect(dead.properties.headers["x-error-code"] == "reply_refused")
    #expect(dead.properties.headers["x-original-queue"] == .string(names.registerVoice))
    #expect(try await bus.handler.voices().count == before + 1)
    try await channel.delete(queue: full)
    await connection.close()
    await bus.stop()
  }

  @Test func theWaitEndsAtTheDeadlineOrAfterThreeAttempts() {
    let policy = RefusedReplyPolicy(delay: .seconds(10))
    let now = ContinuousClock.now
    #expect(policy.decision(refusals: 1, deadline: nil, now: now) == .wait(.seconds(10)))
    #expect(policy.decision(refusals: 2, deadline: now + .seconds(60), now: now) == .wait(.seconds(10)))
    #expect(policy.decision(refusals: 2, deadline: now + .seconds(4), now: now) == .wait(.seconds(4)))
    #expect(policy.decision(refusals: 1, deadline: now, now: now) == .deadLetter)
    #expect(policy.decision(refusals: 3, deadline: nil, now: now) == .deadLetter)
  }

  @Test func aRefusedReplySurvivesItsWayThroughTheBroker() throws {
    let request = Message(
      properties: MessageProperties(headers: ["mine": 1], correlationID: "c", replyTo: "r", messageID: "m"),
      body: Data("request".utf8))
    let refused = RefusedReply(
      body: Data("reply".utf8), position: ReplySender.Position(sequence: 3, isFinal: true), errorCode: "internal",
      refusals: 2, request: request, originalQueue: "q")
    var expected = refused
    expected.request.properties.isPersistent = true
    #expect(RefusedReply(refused.message(maximumByteCount: 100)) == expected)
    let cut = try #require(RefusedReply(refused.message(maximumByteCount: 10)))
    #expect(cut.body == refused.body && cut.request.body.isEmpty)
    #expect(cut.request.properties.headers["x-body-bytes"] == 7)
    for count in [-1, 13, Int64.max] {
      var message = refused.message(maximumByteCount: 100)
      message.properties.headers["x-reply-bytes"] = .integer(count)
      #expect(RefusedReply(message) == nil)
    }
  }
}
