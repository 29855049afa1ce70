import Foundation
import RabbitMQ
import SpeechCore
import Synchronization
import TestSupport
import Testing

@testable import AMQPAdapter

/// Messages that the broker dead-letters, and the limits of `tts.dead`.
@Suite(.timeLimit(.minutes(3)))
struct DeadLetterTests {
  private func request(_ text: String, _ id: String, replyTo: String?, expiration: String? = nil) -> Message {
    let properties = MessageProperties(
      isPersistent: true, correlationID: id, replyTo: replyTo, expiration: expiration, messageID: id)
    return Message(properties: properties, body: Data(#"{"text":"\#(text)"}"#.utf8))
  }

  private func error(_ message: Message) throws -> SpeechError {
    try JSONDecoder().decode(ErrorReply.self, from: message.body).error
  }

  /// A service with one slot and a prefetch of one, both taken by a request that lasts.
  private func busyBus(
    _ type: AMQPConfiguration.QueueType, configure: (inout AMQPConfiguration) -> Void = { _ in }
  ) async throws -> BusFixture {
    let bus = try await BusFixture {
      $0.queueType = type
      $0.slots = 1
      $0.prefetch = 1
      configure(&$0)
    }
    let (connection, channel) = try await bus.channel()
    let queue = try await channel.declare(QueueDeclaration(name: "busy-\(UUID())", autoDelete: true))
    try await channel.publish(
      request("sleep=60000", "busy", replyTo: queue.name), routingKey: bus.configuration.names.synthesize)
    try await eventually { bus.handler.started.count == 1 }
    await connection.close()
    return bus
  }

  /// Declares the queues, and returns a request to its queue until the broker dead-letters it.
  private func overDeliveryLimit(
    _ message: Message, _ configuration: AMQPConfiguration, queue: String
  ) async throws {
    let connection = try await Connection.openAny(configuration.connection)
    _ = try await TopologyPlan(configuration).declare(on: connection)
    let channel = try await connection.openChannel()
    try await channel.selectConfirms()
    try await channel.publish(message, routingKey: queue)
    for _ in 0...configuration.deliveryLimit {
      try await eventually {
        guard let delivery = try await channel.get(queue: queue) else { return false }
        channel.reject(delivery.deliveryTag, requeue: true)
        return true
      }
    }
    await connection.close()
  }

  private func configuration(deliveryLimit: Int = 2) async throws -> AMQPConfiguration {
    var configuration = AMQPConfiguration(
      connection: try ConnectionConfiguration(url: try await PrivateBroker.shared().url),
      names: QueueNames(prefix: "d\(UUID().uuidString.prefix(8))"))
    configuration.deliveryLimit = deliveryLimit
    return configuration
  }

  /// Waits until this many messages are in `tts.dead`. Listed messages return to the queue a moment later, so that a
  /// second list may be shorter.
  private func list(_ count: Int, _ names: QueueNames, _ connection: Connection) async throws -> [DeadLetter] {
    let found = Mutex<[DeadLetter]>([])
    try await eventually {
      do throws(RabbitMQError) {
        let letters = try await DeadLetters(connection: connection, names: names).list()
        found.withLock { $0 = letters }
        return letters.count == count
      } catch {
        guard error.isNotFound else { throw error }
        return false
      }
    }
    return found.withLock { $0 }
  }

  @Test(arguments: [AMQPConfiguration.QueueType.quorum, .classic])
  func expiredRequestsAreAnsweredAndNotKept(type: AMQPConfiguration.QueueType) async throws {
    let bus = try await busyBus(type)
    let names = bus.configuration.names
    let (connection, channel) = try await bus.channel()
    let queue = try await channel.declare(QueueDeclaration(name: "", exclusive: true)).name
    let full = try await channel.declare(
      QueueDeclaration(
        name: "", exclusive: true, arguments: ["x-max-length": 0, "x-overflow": "reject-publish"])
    ).name
    // A requester that is gone, one whose queue is full and none at all do not stop the consumer.
    for (id, replyTo) in [("gone", "no-such-queue"), ("full", full), ("none", nil), ("here", queue)] {
      let message = request("late", id, replyTo: replyTo, expiration: "200")
      try await channel.publish(message, routingKey: names.synthesize)
    }
    let reply = try await bus.takeReply(from: queue, channel)
    #expect(reply.properties.correlationID == "here")
    let error = try error(reply)
    #expect(error.code == .deadlineExceeded && !error.isRetryable)
    try await eventually { bus.events.count(.skipped(.deadline)) == 4 && bus.handler.refusals.count == 4 }
    #expect(bus.handler.refusals.allSatisfy { $0.code == .deadlineExceeded && $0.action == .synthesize })
    try await eventually { bus.events.count(.replyRefused) == 1 }
    #expect(try await bus.messageCount(names.dead) == 0)
    #expect(bus.handler.started.count == 1)
    await connection.close()
    await bus.stop()
  }

  @Test func aRequestOverTheDeliveryLimitIsAnsweredAndKept() async throws {
    let configuration = try await configuration()
    let connection = try await Connection.openAny(configuration.connection)
    let channel = try await connection.openChannel()
    let queue = try await channel.declare(QueueDeclaration(name: "", exclusive: true)).name
    let names = configuration.names
    try await overDeliveryLimit(
      request("poison", "poison", replyTo: queue), configuration, queue: names.synthesize)
    let bus = try await BusFixture { $0 = configuration }
    let error = try error(try await bus.takeReply(from: queue, channel))
    #expect(error.code == .workerLost && !error.isRetryable && error.message.hasPrefix("3 times"))
    let dead = try await bus.takeDeadLetter()
    let headers = dead.properties.headers
    #expect(headers["x-error-code"] == "worker_lost" && headers["x-attempts"] == 3)
    #expect(headers["x-original-queue"] == .string(names.synthesize) && headers["x-death"] == nil)
    #expect(headers["x-dead-at"]?.integerValue != nil && dead.body == Data(#"{"text":"poison"}"#.utf8))
    try await eventually { bus.events.count(.deadLettered(error: .workerLost)) == 1 }
    #expect(bus.handler.refusals.map(\.code) == [.workerLost] && bus.handler.started.isEmpty)
    await connection.close()
    await bus.stop()
  }

  /// A registration that ends workers has another queue and another action in the records.
  @Test func aRegistrationOverTheDeliveryLimitNamesItsQueue() async throws {
    let configuration = try await configuration()
    let queue = configuration.names.registerVoice
    try await overDeliveryLimit(request("voice", "voice", replyTo: nil), configuration, queue: queue)
    let bus = try await BusFixture { $0 = configuration }
    #expect(try await bus.takeDeadLetter().properties.headers["x-original-queue"] == .string(queue))
    #expect(bus.handler.refusals.map(\.action) == [.registerVoice])
    await bus.stop()
  }

  /// When a message dies, the broker adds headers to it. A frame that was full then exceeds the negotiated size.
  @Test func headersThatGrewBeyondAFrameAreRead() async throws {
    let configuration = try await configuration()
    let names = configuration.names
    var message = request("large headers", "large", replyTo: nil)
    message.properties.headers = ["filler": .string(String(repeating: "a", count: 130_950))]
    try await overDeliveryLimit(message, configuration, queue: names.synthesize)
    let bus = try await BusFixture { $0 = configuration }
    let dead = try await bus.takeDeadLetter()
    #expect(dead.properties.headers["x-error-code"] == "worker_lost" && dead.properties.messageID == "large")
    #expect(bus.service.currentState.reconnectCount == 0)
    let requester = try await bus.requester()
    #expect(try await requester.synthesize(SynthesisRequest(text: "fine")).audio != nil)
    await requester.close()
    await bus.stop()
  }

  @Test func messagesOfOtherClientsInTheIncomingQueueAreKept() async throws {
    let bus = try await BusFixture()
    let (connection, channel) = try await bus.channel()
    try await channel.publish(
      request("stray", "stray", replyTo: nil), routingKey: bus.configuration.names.deadIncoming)
    let dead = try await bus.takeDeadLetter()
    #expect(dead.properties.headers["x-error-code"] == "invalid_request" && dead.properties.messageID == "stray")
    #expect(bus.handler.refusals.isEmpty)
    await connection.close()
    await bus.stop()
  }

  /// Queues of version 0.1 dead-letter to `tts.dead` without the service.
  @Test func earlierQueuesAreUsedAsTheyAre() async throws {
    let names = QueueNames(prefix: "o\(UUID().uuidString.prefix(8))")
    let url = try ConnectionConfiguration(url: try await PrivateBroker.shared().url)
    let connection = try await Connection.openAny(url)
    let channel = try await connection.openChannel()
    let type: FieldTable = ["x-queue-type": "quorum"]
    try await channel.declare(QueueDeclaration(name: names.dead, arguments: type))
    try await channel.declare(
      QueueDeclaration(
        name: names.synthesize,
        arguments: type.merging([
          "x-delivery-limit": 20, "x-dead-letter-exchange": "", "x-dead-letter-routing-key": .string(names.dead),
          "x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish",
        ]) { $1 }))
    let bus = try await busyBus(.quorum) { $0.names = names }
    let report = try await TopologyPlan(bus.configuration).declare(on: connection)
    #expect(report.differing == [names.dead, names.synthesize])
    try await channel.publish(
      request("late", "late", replyTo: nil, expiration: "100"), routingKey: names.synthesize)
    let letters = try await list(1, names, connection)
    let letter = try #require(letters.first { $0.messageID == "late" })
    #expect(letter.errorCode == "expired" && letter.originalQueue == names.synthesize && letter.deadAt != nil)
    #expect(bus.events.count(.skipped(.deadline)) == 0)
    await connection.close()
    await bus.stop()
  }

  /// Requests past their deadline, and requests of requesters that went away, need no person.
  @Test func endedRequestsAreCountedAndNotKept() async throws {
    let bus = try await BusFixture()
    let names = bus.configuration.names
    let (connection, channel) = try await bus.channel()
    var late = request("late", "late", replyTo: nil)
    late.properties.headers["x-deadline"] = 1_600_000_000_000
    try await channel.publish(late, routingKey: names.synthesize)
    try await channel.publish(request("gone", "gone", replyTo: "no-such-queue"), routingKey: names.synthesize)
    try await channel.publish(
      Message(properties: MessageProperties(replyTo: "no-such-queue"), body: Data("{}".utf8)),
      routingKey: names.listVoices)
    try await eventually {
      bus.events.count(.skipped(.deadline)) == 1 && bus.events.count(.skipped(.requesterGone)) == 2
    }
    try await eventually { Set(bus.handler.refusals.map(\.code)) == [.deadlineExceeded, .cancelled] }
    await bus.stopKeepingQueues()
    #expect(try await bus.messageCount(names.dead) == 0)
    #expect(try await bus.messageCount(names.synthesize) == 0)
    #expect(bus.handler.started.isEmpty)
    await connection.close()
    await bus.stop()
  }

  // MARK: Limits

  private func deadMessage(_ id: String, age: Double?) -> Message {
    var message = Message(properties: MessageProperties(isPersistent: true, messageID: id), body: Data("x".utf8))
    if let age {
      message.properties.headers["x-dead-at"] = .integer(Int64((Date().timeIntervalSince1970 - age) * 1000))
    }
    return message
  }

  /// The queue may exist without a delivery limit, as version 0.1 declared it. Each of two workers may hold back one
  /// message that the other one's next fetch passes, so the three that stay are among the newest five.
  @Test(arguments: [true, false])
  func onlyTheNewestDeadLettersStay(queueExists: Bool) async throws {
    var configuration = try await configuration()
    configuration.deadLetterLimits = DeadLetterLimits(maximumAge: nil, maximumCount: 3)
    configuration.deadLetterInterval = .milliseconds(50)
    let names = configuration.names
    let connection = try await Connection.openAny(configuration.connection)
    let channel = try await connection.openChannel()
    if queueExists {
      try await channel.declare(QueueDeclaration(name: names.dead, arguments: ["x-queue-type": "quorum"]))
    }
    // Two workers apply the limit at the same time.
    let bus = try await BusFixture { $0 = configuration }
    let other = try await BusFixture { $0 = configuration }
    try await channel.selectConfirms()
    for number in 0..<40 { try await channel.publish(deadMessage("\(number)", age: nil), routingKey: names.dead) }
    let dropped = { (bus.events.all + other.events.all).count { $0 == .deadLetterDropped(.length) } }
    try await eventually { dropped() == 37 }
    await other.stopKeepingQueues()
    await bus.stopKeepingQueues()
    let kept = Set(try await list(3, names, connection).map(\.messageID))
    #expect(kept.count == 3 && kept.isSubset(of: (35..<40).map(String.init)) && dropped() == 37)
    await connection.close()
    await bus.stop()
  }

  @Test(arguments: [AMQPConfiguration.QueueType.quorum, .classic])
  func oldDeadLettersAreDroppedAndUnknownAgesAreMarked(type: AMQPConfiguration.QueueType) async throws {
    var configuration = try await configuration()
    configuration.queueType = type
    configuration.deadLetterLimits = DeadLetterLimits(maximumAge: .seconds(1000), maximumCount: nil)
    configuration.deadLetterInterval = .milliseconds(50)
    let names = configuration.names
    let connection = try await Connection.openAny(configuration.connection)
    let channel = try await connection.openChannel()
    _ = try await TopologyPlan(configuration).declare(on: connection)
    try await channel.selectConfirms()
    for (id, age) in [("old", 2000.0), ("unknown", nil), ("older", 3000), ("young", 10)] {
      try await channel.publish(deadMessage(id, age: age), routingKey: names.dead)
    }
    let bus = try await BusFixture { $0 = configuration }
    try await eventually { bus.events.count(.deadLetterDropped(.age)) == 2 }
    let letters = try await list(2, names, connection)
    #expect(Set(letters.map(\.messageID)) == ["young", "unknown"] && letters.allSatisfy { $0.deadAt != nil })
    await connection.close()
    await bus.stop()
  }

  /// The queue is declared again, and the request is neither lost nor refused a second time.
  @Test(arguments: [AMQPConfiguration.QueueType.quorum, .classic])
  func aDeletedDeadLetterQueueIsDeclaredAgain(type: AMQPConfiguration.QueueType) async throws {
    let bus = try await BusFixture { $0.queueType = type }
    let names = bus.configuration.names
    let (connection, channel) = try await bus.channel()
    try await channel.delete(queue: names.dead)
    for number in 0..<5 {
      try await channel.publish(
        request("no reply address", "\(number)", replyTo: nil), routingKey: names.synthesize)
    }
    #expect(Set(try await list(5, names, connection).map(\.messageID)) == ["0", "1", "2", "3", "4"])
    #expect(bus.handler.refusals.count == 5)
    #expect(bus.events.all.allSatisfy { $0 != .received(redelivered: true) })
    await connection.close()
    await bus.stop()
  }
}
