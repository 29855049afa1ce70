import Foundation
import Logging
import SpeechCore
import TestSupport
import Testing

@testable import AMQPAdapter
@testable import RabbitMQ

@Suite(.timeLimit(.minutes(2)))
struct ServiceTests {
  @Test func aWrongPasswordEndsTheStartWithTheReason() async throws {
    var connection = try ConnectionConfiguration(url: await PrivateBroker.shared().url)
    connection.password = "wrong"
    let service = AMQPConsumerService(
      configuration: AMQPConfiguration(connection: connection), handler: StubSpeechHandler(),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let error = await #expect(throws: AMQPAdapterError.self) { try await service.run() }
    #expect(error?.code == .broker && error?.message.contains("ACCESS_REFUSED") == true)
    #expect(service.currentState.connection == .stopped)
  }

  @Test func theSecondHostIsTakenWhenTheFirstIsAway() async throws {
    let port = try await PrivateBroker.shared().port
    let bus = try await BusFixture(url: "amqp://guest:guest@127.0.0.1:1,127.0.0.1:\(port)/")
    let requester = try await bus.requester()
    #expect(try await requester.synthesize(SynthesisRequest(text: "hosts")).audio != nil)
    await requester.close()
    await bus.stop()
  }

  @Test func anExistingQueueWithOtherArgumentsIsUsedAsItIs() async throws {
    let names = QueueNames(prefix: "t\(UUID().uuidString.prefix(8))")
    let configuration = try ConnectionConfiguration(url: await PrivateBroker.shared().url)
    let connection = try await Connection.open(configuration, endpoint: configuration.endpoints[0])
    let channel = try await connection.openChannel()
    var planned = AMQPConfiguration(connection: configuration, names: names)
    planned.queueType = .classic
    let plan = TopologyPlan(planned)
    let before = try await plan.inspect(on: connection)
    #expect(before.queues.allSatisfy { $0.state == .missing } && before.exchanges.first?.state == .missing)

    try await channel.declare(QueueDeclaration(name: names.synthesize, arguments: ["x-max-length": 10]))
    try await channel.declare(ExchangeDeclaration(name: names.control, kind: .topic))
    let report = try await plan.declare(on: connection)
    #expect(report.differing == [names.synthesize, names.control])
    #expect(report.queues.count { $0.state == .declared } == plan.queues.count - 1)
    #expect(try await plan.inspect(on: connection).queues.allSatisfy { $0.state == .declared && $0.messages == 0 })

    let bus = try await BusFixture { $0.names = names }
    let requester = try await bus.requester()
    #expect(try await requester.synthesize(SynthesisRequest(text: "as it is")).audio != nil)
    await requester.close()
    await bus.stop()
    await connection.close()
  }

  /// The broker dead-letters a request whose workers always stop before they settle it.
  @Test func theDeliveryLimitDeadLettersUnsettledRequests() async throws {
    let bus = try await BusFixture {
      $0.queueType = .quorum
      $0.deliveryLimit = 2
      $0.names = QueueNames(prefix: "t\(UUID().uuidString.prefix(8))", synthesize: "other-\(UUID())")
    }
    let (connection, channel) = try await bus.channel()
    let queue = QueueDeclaration(
      name: "limited-\(UUID())",
      arguments: TopologyPlan(bus.configuration).queues.first { $0.name == bus.configuration.names.synthesize }?
        .arguments
        ?? [:])
    try await channel.declare(queue)
    let properties = MessageProperties(isPersistent: true, messageID: "crasher")
    try await channel.publish(Message(properties: properties, body: Data("x".utf8)), routingKey: queue.name)
    var rejections = 0
    var letter: DeadLetter?
    let letters = DeadLetters(connection: connection, names: bus.configuration.names)
    try await eventually {
      if let delivery = try await channel.get(queue: queue.name) {
        channel.reject(delivery.deliveryTag, requeue: true)
        rejections += 1
      }
      letter = try await letters.list().first
      return letter != nil
    }
    #expect(rejections == 3)
    #expect(letter?.messageID == "crasher" && letter?.errorCode == "worker_lost")
    #expect(letter?.originalQueue == queue.name)
    try await eventually { try await letters.requeue(DeadLetters.Selection(errorCode: "worker_lost")) == 1 }
    try await eventually { try await channel.get(queue: queue.name, noAcknowledge: true) != nil }
    try await channel.delete(queue: queue.name)
    await connection.close()
    await bus.stop()
  }

  @Test func administrationRequestsWithoutARequesterAreDeadLetters() async throws {
    let bus = try await BusFixture()
    let (connection, channel) = try await bus.channel()
    try await channel.publish(Message(body: Data("{}".utf8)), routingKey: bus.configuration.names.deleteVoice)
    let dead = try await bus.takeDeadLetter()
    #expect(dead.properties.headers["x-error-code"] == "invalid_request")
    #expect(dead.properties.headers["x-original-queue"] == .string(bus.configuration.names.deleteVoice))
    await connection.close()
    await bus.stop()
  }
}
