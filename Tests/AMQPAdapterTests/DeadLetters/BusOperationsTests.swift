import Foundation
import RabbitMQ
import SpeechCore
import Synchronization
import TestSupport
import Testing

@testable import AMQPAdapter

/// The dead-lettered messages of a running service, as an operator settles them.
@Suite(.timeLimit(.minutes(3)))
struct BusOperationsTests {
  /// A service with dead-lettered requests of these ids; their text makes a second attempt fail too.
  private func bus(_ ids: [String], _ type: AMQPConfiguration.QueueType = .classic) async throws -> BusFixture {
    let bus = try await BusFixture {
      $0.maxAttempts = 1
      $0.queueType = type
    }
    let (connection, channel) = try await bus.channel()
    try await channel.selectConfirms()
    for id in ids {
      let properties = MessageProperties(isPersistent: true, correlationID: "c-\(id)", messageID: id)
      let message = Message(
        properties: properties, body: Data(#"{"text":"fail=internal \#(id)","store_generated_audio":true}"#.utf8))
      try await channel.publish(message, routingKey: bus.configuration.names.synthesize)
      try await eventually { try await bus.messageCount(bus.configuration.names.dead) > 0 }
    }
    try await eventually { try await bus.messageCount(bus.configuration.names.dead) == ids.count }
    await connection.close()
    return bus
  }

  @Test(arguments: [AMQPConfiguration.QueueType.quorum, .classic])
  func listedMessagesStayInTheirOrder(type: AMQPConfiguration.QueueType) async throws {
    let ids = ["a", "b", "c"]
    let bus = try await bus(ids, type)
    let queues = bus.service.queues
    for _ in 0..<3 {
      let page = try await queues.deadLetters(limit: 2)
      #expect(page.total == 3 && page.messages.map(\.messageID) == ["a", "b"])
      #expect(page.messages.allSatisfy { $0.errorCode == "internal" && $0.deadAt != nil && $0.isWhole })
    }
    // At once: each waits for its turn, so each sees all.
    let counts = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<4 { group.addTask { try await queues.deadLetters(limit: 200).messages.count } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(counts == [3, 3, 3, 3])
    let overview = try await queues.queues()
    #expect(overview.queues.first { $0.name == overview.dead }?.messages == 3)
    #expect(overview.queues.first { $0.name == overview.synthesize }?.consumers == 1)
    await bus.stop()
  }

  @Test(arguments: [AMQPConfiguration.QueueType.quorum, .classic])
  func oneMessageIsRequeuedOrDropped(type: AMQPConfiguration.QueueType) async throws {
    let bus = try await bus(["a", "b", "c"], type)
    let queues = bus.service.queues
    let recorded = Mutex<[String?]>([])
    let record: @Sendable (DeadLetter) async throws(SpeechError) -> Void = { letter in
      recorded.withLock { $0.append(letter.messageID) }
    }
    let middle = try #require(try await queues.deadLetters(limit: 3).messages.dropFirst().first)
    #expect(try await queues.settle(middle.id, by: .drop, record: record)?.messageID == "b")
    #expect(try await queues.settle(middle.id, by: .drop, record: record) == nil)
    #expect(try await queues.deadLetters(limit: 3).messages.map(\.messageID) == ["a", "c"])
    let started = bus.handler.started.count
    #expect(try await queues.settle("a", by: .requeue, record: record)?.correlationID == "c-a")
    // The request fails again, beginning with its first attempt, and is then the newest message.
    try await eventually { bus.handler.started.count == started + 1 }
    try await eventually { try await queues.deadLetters(limit: 3).messages.map(\.messageID) == ["c", "a"] }
    #expect(try await queues.deadLetters(limit: 3).messages.last?.attempts == 1)
    #expect(recorded.withLock { $0 } == ["b", "a"])
    await bus.stop()
  }

  /// Without its record a message is not settled.
  @Test func aMessageWithoutItsRecordStays() async throws {
    let bus = try await bus(["a"])
    let queues = bus.service.queues
    for settlement in [DeadLetterSettlement.drop, .requeue] {
      await #expect(throws: SpeechError.self) {
        try await queues.settle("a", by: settlement) { _ throws(SpeechError) in
          throw SpeechError(.internal, "the disk is full")
        }
      }
      try await eventually { try await queues.deadLetters(limit: 9).messages.first?.messageID == "a" }
    }
    // The copy that was requeued before its record failed has been answered meanwhile: nothing is lost.
    try await eventually { try await queues.deadLetters(limit: 9).messages.count == 2 }
    await bus.stop()
  }

  @Test func aMessageWhoseQueueIsGoneStays() async throws {
    let bus = try await BusFixture()
    let names = bus.configuration.names
    let (connection, channel) = try await bus.channel()
    try await channel.selectConfirms()
    var message = Message(properties: MessageProperties(messageID: "lost"), body: Data("{}".utf8))
    message.properties.headers[HeaderName.originalQueue] = .string("gone-\(UUID())")
    try await channel.publish(message, routingKey: names.dead)
    let error = await #expect(throws: SpeechError.self) {
      try await bus.service.queues.settle("lost", by: .requeue) { _ in }
    }
    #expect(error?.code == .invalidRequest && error?.message.hasSuffix("does not exist") == true)
    #expect(try await bus.service.queues.deadLetters(limit: 9).messages.map(\.messageID) == ["lost"])
    await connection.close()
    await bus.stop()
  }
}
