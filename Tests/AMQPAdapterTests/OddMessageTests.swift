import Foundation
import RabbitMQ
import SpeechCore
import TestSupport
import Testing

@testable import AMQPAdapter

/// A message that can't be encoded again or can't be read affects only its sender.
@Suite(.timeLimit(.minutes(2)))
struct OddMessageTests {
  private static let text = Data(#"{"text":"fine"}"#.utf8)

  /// 20,000 integers of one byte each take 40 KB. They must not grow in the dead letters.
  @Test func headersKeepTheirWidthsInTheDeadLetters() async throws {
    let bus = try await BusFixture()
    let (connection, channel) = try await bus.channel()
    var message = Message(body: Self.text)
    let list = FieldValue.array(Array(repeating: .integer(1, .int8), count: 20_000))
    message.properties.headers = ["list": list]
    try await channel.publish(message, routingKey: bus.configuration.names.synthesize)
    let dead = try await bus.takeDeadLetter()
    #expect(dead.properties.headers["list"] == list && dead.properties.headers["x-headers-cut"] == nil)
    #expect(bus.service.currentState.reconnectCount == 0)
    await connection.close()
    await bus.stop()
  }

  /// If the headers fill a frame, there is no room for the reason. They are omitted, and a header of the message marks
  /// it.
  @Test func headersThatFillAFrameAreLeftOutOfTheDeadLetter() async throws {
    let bus = try await BusFixture()
    let (connection, channel) = try await bus.channel()
    var message = Message(body: Self.text)
    message.properties = MessageProperties(correlationID: "c", messageID: "m")
    message.properties.headers = ["filler": .string(String(repeating: "a", count: 130_950))]
    try await channel.publish(message, routingKey: bus.configuration.names.synthesize)
    let dead = try await bus.takeDeadLetter()
    #expect(dead.body == message.body && dead.properties.messageID == "m" && dead.properties.correlationID == "c")
    #expect(dead.properties.headers["filler"] == nil && dead.properties.headers["x-headers-cut"] == true)
    #expect(dead.properties.headers["x-error-code"] == "invalid_request")
    #expect(bus.service.currentState.reconnectCount == 0)
    let requester = try await bus.requester()
    #expect(try await requester.synthesize(SynthesisRequest(text: "good")).audio != nil)
    await requester.close()
    await connection.close()
    await bus.stop()
  }

  /// A request must be retried, but its headers leave no room for the count of attempts.
  @Test func aRetryThatCannotBeEncodedIsAnsweredAndParked() async throws {
    let bus = try await BusFixture()
    let (connection, channel) = try await bus.channel()
    let queue = try await channel.declare(QueueDeclaration(name: "", exclusive: true))
    var message = Message(body: Data(#"{"text":"fail=internal"}"#.utf8))
    message.properties = MessageProperties(correlationID: "c", replyTo: queue.name)
    message.properties.headers = ["filler": .string(String(repeating: "a", count: 128_000))]
    try await channel.publish(message, routingKey: bus.configuration.names.synthesize)
    let reply = try await bus.takeReply(from: queue.name, channel)
    #expect(try JSONDecoder().decode(ErrorReply.self, from: reply.body).error.code == .invalidRequest)
    #expect(try await bus.takeDeadLetter().properties.headers["x-error-code"] == "invalid_request")
    #expect(bus.service.currentState.reconnectCount == 0 && bus.handler.started.count == 1)
    await connection.close()
    await bus.stop()
  }

  @Test func correlationIdsOfAnyBytesComeBackUnchanged() async throws {
    let bus = try await BusFixture()
    let (connection, channel) = try await bus.channel()
    let queue = try await channel.declare(QueueDeclaration(name: "", exclusive: true))
    let id = ShortString(bytes: Data([0xff, 0xfe, 0x80, 0x00, 0x41]))
    for body in [Self.text, Data("not json".utf8)] {
      var properties = MessageProperties(replyTo: queue.name)
      properties.correlationID = id
      try await channel.publish(
        Message(properties: properties, body: body), routingKey: bus.configuration.names.synthesize)
      #expect(try await bus.takeReply(from: queue.name, channel).properties.correlationID == id)
    }
    await connection.close()
    await bus.stop()
  }

  /// A body that was too long to be read is missing from the dead letter. The message is marked as cut and is not
  /// requeued as an empty request.
  @Test func aBodyThatWasNotReadIsMarkedAsCutAndNotSentBack() async throws {
    let bus = try await BusFixture { $0.maxRequestBytes = 100_000 }
    let (connection, channel) = try await bus.channel()
    try await channel.publish(
      Message(properties: MessageProperties(messageID: "large"), body: Data(count: 300_000)),
      routingKey: bus.configuration.names.synthesize)
    let letters = DeadLetters(connection: connection, names: bus.configuration.names)
    try await eventually { try await letters.list().count == 1 }
    let letter = try #require(try await letters.list().first)
    #expect(!letter.isWhole && letter.bytes == 300_000 && letter.errorCode == "invalid_request")
    #expect(try await letters.requeue(DeadLetters.Selection()) == 0)
    let dead = try await bus.takeDeadLetter()
    #expect(dead.properties.headers["x-body-cut"] == true && dead.properties.headers["x-body-bytes"] == 300_000)
    await connection.close()
    await bus.stop()
  }
}
