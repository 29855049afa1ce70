import Foundation
import RabbitMQ
import SpeechCore
import TestSupport
import Testing

@testable import AMQPAdapter

@Suite(.timeLimit(.minutes(2)))
struct FailureTests {
  @Test(arguments: [AMQPConfiguration.QueueType.quorum, .classic])
  func retriesUntilItSucceeds(type: AMQPConfiguration.QueueType) async throws {
    let bus = try await BusFixture { $0.queueType = type }
    let requester = try await bus.requester()
    let text = "fail=internal until=4 then well"
    let reply = try await requester.synthesize(SynthesisRequest(text: text))
    #expect(reply.audio == StubSpeechHandler.audio(for: text))
    #expect(bus.handler.started.count == 4)
    #expect(bus.events.count(.retried(attempt: 3, error: .internal)) == 1)
    #expect(try await bus.messageCount(bus.configuration.names.dead) == 0)
    await requester.close()
    await bus.stop()
  }

  @Test func aPoisonMessageParksAndHoldsNothingUp() async throws {
    let bus = try await BusFixture {
      $0.queueType = .quorum
      $0.maxAttempts = 3
      $0.slots = 1
    }
    let requester = try await bus.requester()
    let poison = Task { try await requester.synthesize(SynthesisRequest(text: "fail=internal always")) }
    for number in 0..<10 {
      #expect(try await requester.synthesize(SynthesisRequest(text: "well \(number)")).audio != nil)
    }
    let error = await #expect(throws: AMQPAdapterError.self) { try await poison.value }
    #expect(error?.reply?.code == .internal)
    let dead = try await bus.takeDeadLetter()
    #expect(dead.properties.headers["x-error-code"] == "internal")
    #expect(dead.properties.headers["x-attempts"] == 3)
    #expect(bus.handler.started.count { $0.contains("always") } == 3)
    #expect(bus.events.count(.deadLettered(error: .internal)) == 1)
    await requester.close()
    await bus.stop()
  }

  @Test func deadLettersAreListedRequeuedAndDropped() async throws {
    let bus = try await BusFixture { $0.maxAttempts = 1 }
    let requester = try await bus.requester()
    for text in ["fail=overloaded b", "fail=internal c"] {
      await #expect(throws: AMQPAdapterError.self) {
        try await requester.synthesize(
          SynthesisRequest(text: text), options: RequestOptions(messageID: String(text.suffix(1))))
      }
    }
    let (connection, _) = try await bus.channel()
    let letters = DeadLetters(connection: connection, names: bus.configuration.names)
    let listed = try await letters.list()
    #expect(listed.map(\.messageID) == ["b", "c"])
    #expect(listed.map(\.errorCode) == ["overloaded", "internal"])
    #expect(listed.first?.originalQueue == bus.configuration.names.synthesize)
    // The messages return to the queue a moment after `list` has returned.
    try await eventually { try await letters.list().count == 2 }
    try await eventually { try await letters.drop(DeadLetters.Selection(messageID: "c")) == 1 }
    try await eventually { try await letters.requeue(DeadLetters.Selection()) == 1 }
    // The request fails again, beginning with its first attempt, and is dead-lettered again.
    #expect(try await bus.takeDeadLetter().properties.messageID == "b")
    await connection.close()
    await requester.close()
    await bus.stop()
  }
}
