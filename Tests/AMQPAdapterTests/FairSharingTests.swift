import Foundation
import RabbitMQ
import SpeechCore
import Synchronization
import TestSupport
import Testing

@testable import AMQPAdapter

/// Many requests of one user and a few of another, over a real broker.
@Suite(.timeLimit(.minutes(2)))
struct FairSharingTests {
  private func request(_ user: String?, _ text: String) -> SynthesisRequest {
    var request = SynthesisRequest(text: text)
    request.userID = user
    return request
  }

  /// Sends everything at once and returns the texts in the order of their answers.
  private func answers(_ bus: BusFixture, _ batches: [[SynthesisRequest]]) async throws -> [String] {
    let requester = try await bus.requester()
    let order = AnswerOrder()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for batch in batches {
        for request in batch {
          group.addTask {
            _ = try await requester.synthesize(request)
            order.add(request.text)
          }
        }
        // The service must have fetched requests of this batch before the next one is sent.
        try await eventually { bus.service.currentState.runningCount > 0 }
        try await eventually { bus.events.all.count { if case .received = $0 { true } else { false } } > 0 }
      }
      try await group.waitForAll()
    }
    await requester.close()
    return order.texts
  }

  @Test func aFloodDoesNotStopTheOthers() async throws {
    let bus = try await BusFixture {
      $0.slots = 2
      $0.lookahead = 2
      $0.userLimits = UserLimits(running: 1, waiting: 3)
    }
    let flood = (0..<120).map { request("flood", "flood \($0) sleep=20") }
    let others = (0..<6).map { request($0.isMultiple(of: 2) ? "ada" : "bob", "other \($0) sleep=20") }
    let order = try await answers(bus, [flood, others])
    #expect(order.count == 126)
    let last = try #require(order.lastIndex { $0.hasPrefix("other") })
    // In the order of arrival they would be answered after all 120.
    #expect(last < 90)
    #expect(bus.events.count(.postponed) > 0)
    // A postponement is not a failed attempt: all 120 requests were answered, and none was dead-lettered.
    #expect(try await bus.messageCount(bus.configuration.names.dead) == 0)
    #expect(Set(bus.handler.started).count == 126 && bus.handler.started.count == 126)
    await bus.stop()
  }

  @Test func aRequestThatCanNotWaitIsRefusedAsOverloaded() async throws {
    let bus = try await BusFixture {
      $0.slots = 1
      $0.userLimits = UserLimits(running: 1, waiting: 1)
      $0.retryDelays = [.seconds(20)]
    }
    let requester = try await bus.requester()
    let first = Task { try await requester.synthesize(request("flood", "first sleep=1500")) }
    try await eventually { bus.service.currentState.runningCount == 1 }
    let second = Task { try await requester.synthesize(request("flood", "second")) }
    try await eventually { bus.service.currentState.waitingCount == 1 }
    let error = await #expect(throws: AMQPAdapterError.self) {
      try await requester.synthesize(
        request("flood", "third"), options: RequestOptions(deadline: Date(timeIntervalSinceNow: 10)))
    }
    #expect(error?.reply?.code == .overloaded && error?.reply?.isRetryable == true)
    #expect(error?.reply?.field == "user_id")
    #expect(bus.events.count(.userRefused) == 1)
    _ = try await (first.value, second.value)
    await requester.close()
    await bus.stop()
  }

  @Test func theQueueRefusesWhatIsOverItsLength() async throws {
    let bus = try await BusFixture {
      $0.slots = 1
      $0.prefetch = 1
      $0.maxQueueLength = 2
    }
    let (connection, channel) = try await bus.channel()
    try await channel.selectConfirms()
    let replies = try await channel.declare(QueueDeclaration(name: "", exclusive: true)).name
    let body = try JSONEncoder().encode(SynthesisRequest(text: "full sleep=3000"))
    var refused = 0
    for _ in 0..<6 {
      do throws(RabbitMQError) {
        _ = try await channel.publish(
          Message(properties: MessageProperties(replyTo: replies), body: body),
          routingKey: bus.configuration.names.synthesize)
      } catch {
        #expect(error.code == .notAcknowledged)
        refused += 1
      }
    }
    #expect(refused > 0)
    await connection.close()
    await bus.stop()
  }
}

/// The texts in the order of their answers.
private final class AnswerOrder: Sendable {
  private let list = Mutex<[String]>([])

  func add(_ text: String) { list.withLock { $0.append(text) } }
  var texts: [String] { list.withLock { $0 } }
}
