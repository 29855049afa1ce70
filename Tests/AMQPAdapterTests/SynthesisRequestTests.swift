import Foundation
import RabbitMQ
import SpeechCore
import TestSupport
import Testing

@testable import AMQPAdapter

@Suite(.timeLimit(.minutes(2)))
struct SynthesisRequestTests {
  @Test(arguments: [AMQPRequester.ReplyMode.direct, .exclusiveQueue(nil)])
  func answersWithTheTextsOwnAudio(mode: AMQPRequester.ReplyMode) async throws {
    let bus = try await BusFixture()
    let requester = try await bus.requester(mode)
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    let body = try JSONEncoder().encode(SynthesisRequest(text: "Hello."))
    let raw = try await requester.send(
      body, to: bus.configuration.names.synthesize, options: RequestOptions(correlationID: "c-1", traceparent: trace))
    #expect(raw.correlationID == "c-1")
    #expect(raw.traceparent == trace)
    let reply = try JSONDecoder().decode(SynthesisReply.self, from: raw.body)
    #expect(reply.audio == StubSpeechHandler.audio(for: "Hello."))
    try await eventually { try await bus.messageCount(bus.configuration.names.synthesize) == 0 }
    #expect(bus.events.count(.received(redelivered: false)) == 1)
    await requester.close()
    await bus.stop()
  }

  @Test func fourClientsAtOnceEachGetTheirOwn() async throws {
    let bus = try await BusFixture()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for client in 0..<4 {
        let requester = try await bus.requester(client.isMultiple(of: 2) ? .direct : .exclusiveQueue(nil))
        for number in 0..<50 {
          group.addTask {
            let text = "client \(client) request \(number) sleep=\(number % 7)"
            let reply = try await requester.synthesize(SynthesisRequest(text: text))
            #expect(reply.audio == StubSpeechHandler.audio(for: text))
            #expect(reply.sha256 == SHA256.hash(data: reply.audio ?? Data()).hexadecimal)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(Set(bus.handler.started).count == 200)
    #expect(bus.handler.started.count == 200)
    await bus.stop()
  }

  @Test func twoRequestsWithOneCorrelationIDAreBothAnswered() async throws {
    let bus = try await BusFixture()
    let (connection, channel) = try await bus.channel()
    let queue = try await channel.declare(QueueDeclaration(name: "", exclusive: true))
    for text in ["one", "two"] {
      let properties = MessageProperties(correlationID: "same", replyTo: queue.name)
      let body = try JSONEncoder().encode(SynthesisRequest(text: text))
      try await channel.publish(
        Message(properties: properties, body: body), routingKey: bus.configuration.names.synthesize)
    }
    var hashes: Set<String> = []
    try await eventually {
      if let delivery = try await channel.get(queue: queue.name, noAcknowledge: true) {
        #expect(delivery.message.properties.correlationID == "same")
        hashes.insert(try JSONDecoder().decode(SynthesisReply.self, from: delivery.message.body).sha256)
      }
      return hashes.count == 2
    }
    await connection.close()
    await bus.stop()
  }
}
