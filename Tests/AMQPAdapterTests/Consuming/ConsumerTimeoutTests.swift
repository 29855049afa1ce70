import Foundation
import RabbitMQ
import TestSupport
import Testing

@testable import AMQPAdapter

/// RabbitMQ 4.3 cancels a consumer whose acknowledgement takes too long, and returns its deliveries to the queue.
@Suite(.timeLimit(.minutes(4)))
struct ConsumerTimeoutTests {
  @Test func aCancelledConsumerStartsOnANewChannelWhereLateAcknowledgementsAreVoid() async throws {
    let broker = try ScriptedBroker(version: "4.3.0")
    let bus = try await BusFixture(url: broker.url) { $0.slots = 4 }
    let queue = bus.configuration.names.synthesize
    let old = try await consumer(of: queue, broker)
    func deliver(_ text: String, to consumer: ScriptedBroker.Consumer, redelivered: Bool = false) {
      broker.deliver(
        #"{"text":"\#(text)"}"#, to: consumer, replyTo: "replies", correlationID: text, redelivered: redelivered)
    }
    deliver("hold late", to: old)
    try await eventually { bus.handler.started == ["hold late"] }

    broker.cancel(old)
    try await eventually("a new consumer") { broker.consumer(of: queue).map { $0 != old } ?? false }
    let new = try await consumer(of: queue, broker)
    #expect(broker.events.contains(.confirmedCancel))
    // The broker may give the new channel the number of the old one, and both have a delivery 1.
    deliver("sleep=600000 long", to: new)
    try await eventually { bus.handler.started.contains("sleep=600000 long") }
    bus.handler.release()
    try await eventually { self.answers(bus) == 1 }
    // The returned request comes again. No worker was lost with it.
    deliver("hold late", to: new, redelivered: true)
    try await eventually { self.answers(bus) == 2 }
    try await eventually { broker.events(of: new).contains(.acknowledged(2, multiple: false)) }
    await bus.stopKeepingQueues()

    #expect(broker.events(of: new).filter(isSettlement) == [.acknowledged(2, multiple: false)])
    #expect(!broker.events.contains { $0 == .published(routingKey: bus.configuration.names.suspects) })
    #expect(bus.events.count(.workerLost) == 0)
  }

  @Test func onlyExclusiveQueuesAreTransient() async throws {
    let broker = try ScriptedBroker(version: "4.3.0")
    let bus = try await BusFixture(url: broker.url)
    _ = try await consumer(of: bus.configuration.names.synthesize, broker)
    await bus.stopKeepingQueues()
    var declared = 0
    for case .declaredQueue(let name, let durable, let exclusive, let arguments) in broker.events {
      declared += 1
      #expect(durable != exclusive, "\(name)")
      // RabbitMQ 4.3 refuses the argument for quorum queues, which have 32 priorities without it.
      #expect(arguments["x-max-priority"] == nil)
    }
    #expect(declared > 10)
  }

  @Test(arguments: [
    ("RabbitMQ", "4.3.0", true, true), ("RabbitMQ", "5.0.0", true, true), ("RabbitMQ", "4.2.9", true, false),
    ("RabbitMQ", "3.10.8", true, false), ("LavinMQ", "4.3.0", true, false), ("RabbitMQ", "4.3.0", false, false),
  ])
  func delayedRetryIsDeclaredOnRequestOnBrokersThatHaveIt(
    product: String, version: String, requested: Bool, isDeclared: Bool
  ) async throws {
    let broker = try ScriptedBroker(version: version, product: product)
    var configuration = AMQPConfiguration(connection: try ConnectionConfiguration(url: broker.url))
    configuration.delaysReturnedMessages = requested
    let connection = try await Connection.openAny(configuration.connection)
    _ = try await TopologyPlan(configuration).declare(on: connection)
    await connection.close()
    let expected = ["x-delayed-retry-type": "all", "x-delayed-retry-min": "1000", "x-delayed-retry-max": "120000"]
    var requestQueues = 0
    for case .declaredQueue(let name, _, _, let arguments) in broker.events {
      let delayed = arguments.filter { $0.key.hasPrefix("x-delayed-retry-") }
      let isRequestQueue = arguments["x-dead-letter-routing-key"] == "tts.dead.incoming"
      requestQueues += isRequestQueue ? 1 : 0
      #expect(delayed == (isRequestQueue && isDeclared ? expected : [:]), "\(name)")
      #expect(arguments["x-queue-type"] == "quorum")
    }
    #expect(requestQueues == 10)
  }

  private func consumer(of queue: String, _ broker: ScriptedBroker) async throws -> ScriptedBroker.Consumer {
    try await eventually("a consumer of \(queue)") { broker.consumer(of: queue) != nil }
    return try #require(broker.consumer(of: queue))
  }

  private func answers(_ bus: BusFixture) -> Int {
    bus.events.all.count { if case .answered = $0 { true } else { false } }
  }

  private func isSettlement(_ event: ScriptedBroker.Event) -> Bool {
    switch event {
    case .acknowledged, .rejected: true
    default: false
    }
  }
}
