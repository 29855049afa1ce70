import Foundation
import TestSupport
import Testing

@testable import RabbitMQ

@Suite(.timeLimit(.minutes(1)))
struct ConnectionTests {
  private func open() async throws -> Connection {
    let configuration = try ConnectionConfiguration(url: await PrivateBroker.shared().url)
    return try await Connection.open(configuration, endpoint: configuration.endpoints[0])
  }

  @Test func deliversWhatWasPublished() async throws {
    let connection = try await open()
    let channel = try await connection.openChannel()
    let queue = try await channel.declare(QueueDeclaration(name: "", exclusive: true))
    try await channel.selectConfirms()
    let (deliveries, sink) = AsyncStream<Delivery>.makeStream()
    try await channel.consume(ConsumeOptions(queue: queue.name, consumerTag: "test")) { sink.yield($0) }

    var message = Message(body: Data("hello".utf8))
    message.properties = MessageProperties(
      contentType: "text/plain",
      headers: [
        "text": "é", "number": -5, "flag": true, "nested": .table(["list": .array([1, .double(0.5), .void])]),
        "blob": .bytes(Data([0xff, 0])), "when": .timestamp(7),
      ],
      isPersistent: true, priority: 3, correlationID: "c1", replyTo: "r", expiration: "60000", messageID: "m")
    #expect(try await channel.publish(message, routingKey: queue.name) == .confirmed)
    let large = Message(body: Data(repeating: 7, count: 1_000_000))
    #expect(try await channel.publish(large, routingKey: queue.name) == .confirmed)

    var iterator = deliveries.makeAsyncIterator()
    let first = try #require(await iterator.next())
    #expect(first.message == message)
    #expect(first.routingKey == queue.name)
    let second = try #require(await iterator.next())
    #expect(second.message.body == large.body)
    channel.acknowledge(first.deliveryTag)
    channel.acknowledge(second.deliveryTag)
    await connection.close()
    await #expect(throws: RabbitMQError.self) { try await channel.setPrefetch(1) }
  }

  @Test func reportsUnroutableMandatoryMessages() async throws {
    let connection = try await open()
    let channel = try await connection.openChannel()
    try await channel.selectConfirms()
    let queue = try await channel.declare(QueueDeclaration(name: "", exclusive: true))
    async let lost = channel.publish(Message(body: Data()), routingKey: "no-such-queue", mandatory: true)
    async let kept = channel.publish(Message(body: Data()), routingKey: queue.name, mandatory: true)
    #expect(try await lost == .returned(code: 312, reason: "NO_ROUTE"))
    #expect(try await kept == .confirmed)
    await connection.close()
  }

  /// The broker stops reading, so that calls pile up behind a message that can't be sent, and dies.
  @Test func everyCallEndsWithTheConnection() async throws {
    let broker = try await PrivateBroker.start(name: "dying")
    let connection = try await Connection.openAny(ConnectionConfiguration(url: broker.url))
    let channel = try await connection.openChannel()
    let pid = try #require(broker.pid)
    kill(pid, SIGSTOP)
    let message = Message(body: Data(count: 1 << 20))
    let failures = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<32 {
        group.addTask { (try? await channel.publish(message, routingKey: "nowhere")) == nil }
        group.addTask { (try? await connection.openChannel()) == nil }
      }
      try? await Task.sleep(for: .milliseconds(300))
      kill(pid, SIGKILL)
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(failures > 32)
    await connection.close()
    try await broker.remove()
  }

  @Test func brokerErrorsCloseTheChannelOnly() async throws {
    let connection = try await open()
    let channel = try await connection.openChannel()
    let error = await #expect(throws: RabbitMQError.self) { try await channel.inspect(queue: "no-such-queue") }
    #expect(error?.isNotFound == true)
    await #expect(throws: RabbitMQError.self) { try await channel.setPrefetch(1) }
    let other = try await connection.openChannel()
    try await other.setPrefetch(1)
    await connection.close()
  }

  @Test func consumerOfADeletedQueueIsTold() async throws {
    let connection = try await open()
    let channel = try await connection.openChannel()
    let name = "deleted-\(UUID())"
    try await channel.declare(QueueDeclaration(name: name))
    let (ends, sink) = AsyncStream<RabbitMQError>.makeStream()
    try await channel.consume(
      ConsumeOptions(queue: name, consumerTag: "test"), onDelivery: { _ in }, onEnd: { sink.yield($0) })
    let other = try await connection.openChannel()
    try await other.delete(queue: name)
    var iterator = ends.makeAsyncIterator()
    #expect(await iterator.next()?.code == .channelClosed)
    await connection.close()
  }

  @Test func aChannelTheBrokerClosesTellsItsConsumersAndPublishers() async throws {
    let connection = try await open()
    let channel = try await connection.openChannel()
    try await channel.selectConfirms()
    let queue = try await channel.declare(QueueDeclaration(name: "", exclusive: true))
    let (ends, sink) = AsyncStream<RabbitMQError>.makeStream()
    try await channel.consume(
      ConsumeOptions(queue: queue.name, consumerTag: "test"), onDelivery: { _ in }, onEnd: { sink.yield($0) })
    let error = await #expect(throws: RabbitMQError.self) {
      try await channel.publish(Message(body: Data()), exchange: "no-such-exchange", routingKey: "")
    }
    #expect(error?.isNotFound == true)
    var iterator = ends.makeAsyncIterator()
    #expect(await iterator.next()?.isNotFound == true)
    await connection.close()
  }

  /// The next channel has the number of the closed one, and both have a delivery 1.
  @Test func settlementsOfAClosedChannelReachNoLaterOne() async throws {
    let connection = try await open()
    let closed = try await connection.openChannel()
    let queue = try await closed.declare(QueueDeclaration(name: "", exclusive: true)).name
    for _ in 0..<3 { try await closed.publish(Message(body: Data()), routingKey: queue) }
    #expect(try await closed.get(queue: queue)?.deliveryTag == 1)
    await #expect(throws: RabbitMQError.self) { try await closed.inspect(queue: "no-such-queue") }
    let channel = try await connection.openChannel()
    #expect(channel.id.number == closed.id.number)
    for tag in 1...2 as ClosedRange<UInt64> { #expect(try await channel.get(queue: queue)?.deliveryTag == tag) }
    closed.acknowledge(1)
    closed.reject(2, requeue: false)
    await #expect(throws: RabbitMQError.self) { try await closed.publish(Message(body: Data()), routingKey: queue) }
    await closed.close()
    await channel.close()
    channel.acknowledge(1)
    let last = try await connection.openChannel()
    #expect(try await last.inspect(queue: queue).messageCount == 3)
    await connection.close()
  }

  @Test func theBrokersVersionIsKnown() async throws {
    let connection = try await open()
    #expect(connection.broker.product == "RabbitMQ" && connection.broker.major >= 3)
    await connection.close()
  }

  @Test func wrongPasswordIsRefused() async throws {
    var configuration = try ConnectionConfiguration(url: await PrivateBroker.shared().url)
    configuration.password = "wrong"
    let error = await #expect(throws: RabbitMQError.self) {
      try await Connection.open(configuration, endpoint: configuration.endpoints[0])
    }
    #expect(error?.code == .accessRefused)
    #expect(error?.isRetriable == false)
  }

  @Test func aClosedPortRefusesTheConnection() async throws {
    let configuration = try ConnectionConfiguration(url: "amqp://127.0.0.1:1/")
    let error = await #expect(throws: RabbitMQError.self) {
      try await Connection.open(configuration, endpoint: configuration.endpoints[0])
    }
    #expect(error?.code == .connectFailed)
    #expect(error?.isRetriable == true)
  }

  @Test func bodiesOverTheLimitArriveEmptyWithTheirSize() async throws {
    var configuration = try ConnectionConfiguration(url: await PrivateBroker.shared().url)
    configuration.maxBodyBytes = 1000
    let connection = try await Connection.open(configuration, endpoint: configuration.endpoints[0])
    let channel = try await connection.openChannel()
    let queue = try await channel.declare(QueueDeclaration(name: "", exclusive: true))
    try await channel.publish(Message(body: Data(count: 300_000)), routingKey: queue.name)
    try await channel.publish(Message(body: Data(count: 1000)), routingKey: queue.name)
    let (deliveries, sink) = AsyncStream<Delivery>.makeStream()
    try await channel.consume(ConsumeOptions(queue: queue.name, consumerTag: "test")) { sink.yield($0) }
    var iterator = deliveries.makeAsyncIterator()
    let large = try #require(await iterator.next()).message
    #expect(large.isBodyTooLarge && large.bodyByteCount == 300_000 && large.body.isEmpty)
    #expect(await iterator.next()?.message.body.count == 1000)
    await connection.close()
  }

  @Test func headersComeBackWithTheTypesTheyHad() async throws {
    let connection = try await open()
    let channel = try await connection.openChannel()
    let queue = try await channel.declare(QueueDeclaration(name: "", exclusive: true))
    var message = Message(body: Data("x".utf8))
    message.properties.headers = [
      "int8": .integer(-8, .int8), "uint8": .integer(200, .uint8), "int16": .integer(-16, .int16),
      "uint16": .integer(60_000, .uint16), "int32": .integer(-32, .int32), "uint32": .integer(4_000_000_000, .uint32),
      "int64": .integer(.min, .int64), "float": .float(0.5), "double": .double(0.1),
      "decimal": .decimal(places: 2, 314), "list": .array(Array(repeating: .integer(1, .int8), count: 20_000)),
    ]
    try await channel.publish(message, routingKey: queue.name)
    let received = try #require(try await channel.get(queue: queue.name, noAcknowledge: true)?.message)
    #expect(received == message)
    await connection.close()
  }

  /// The size is computed before the first byte is sent. Exactly one frame passes; one byte more is refused, and the
  /// connection stays usable.
  @Test func propertiesThatDoNotFitInAFrameAreRefusedBeforeAnythingIsSent() async throws {
    let connection = try await open()
    let channel = try await connection.openChannel()
    try await channel.selectConfirms()
    let queue = try await channel.declare(QueueDeclaration(name: "", exclusive: true))
    var message = Message(body: Data("x".utf8))
    message.properties = MessageProperties(contentType: "text/plain", priority: 1, correlationID: "c")
    message.properties.timestamp = 1
    // The overhead of the frame, the properties above, and the table with the name and type of one entry.
    let rest = 131_072 - 20 - (2 + 11 + 1 + 1 + 2 + 8) - (4 + 2 + 1 + 4)
    message.properties.headers = ["h": .string(String(repeating: "a", count: rest))]
    #expect(try await channel.publish(message, routingKey: queue.name) == .confirmed)
    #expect(try await channel.get(queue: queue.name, noAcknowledge: true)?.message == message)
    message.properties.headers = ["h": .string(String(repeating: "a", count: rest + 1))]
    let error = await #expect(throws: RabbitMQError.self) { try await channel.publish(message, routingKey: queue.name) }
    #expect(error?.code == .unencodable && error?.message.contains("131053") == true)
    let arguments: FieldTable = ["x": .string(String(repeating: "a", count: 200_000))]
    let refused = await #expect(throws: RabbitMQError.self) {
      try await channel.declare(QueueDeclaration(name: "never", arguments: arguments))
    }
    #expect(refused?.code == .unencodable)
    message.properties.headers = [:]
    #expect(try await channel.publish(message, routingKey: queue.name) == .confirmed)
    await connection.close()
  }

  @Test func identifiersOfAnyBytesStayAsTheyAre() async throws {
    let connection = try await open()
    let channel = try await connection.openChannel()
    let queue = try await channel.declare(QueueDeclaration(name: "", exclusive: true))
    var message = Message(body: Data("x".utf8))
    message.properties.correlationID = ShortString(bytes: Data([0xff, 0x41, 0x00, 0xc3]))
    message.properties.messageID = ShortString(bytes: Data((0...254).map { UInt8($0) }))
    try await channel.publish(message, routingKey: queue.name)
    let received = try #require(try await channel.get(queue: queue.name, noAcknowledge: true)?.message)
    #expect(received.properties.correlationID == message.properties.correlationID)
    #expect(received.properties.messageID == message.properties.messageID)
    #expect(received.properties.correlationID?.text == #"\xFFA\x00\xC3"#)
    #expect(ShortString("é").text == "é" && ShortString(String(repeating: "é", count: 128)).bytes.count == 254)
    await connection.close()
  }

  @Test func absurdHeadersAreReadWithoutHarm() async throws {
    let connection = try await open()
    let channel = try await connection.openChannel()
    let queue = try await channel.declare(QueueDeclaration(name: "", exclusive: true))
    var deep = FieldValue.integer(1)
    for _ in 0..<5000 { deep = .table(["a": deep]) }
    var message = Message(body: Data("x".utf8))
    message.properties.headers = ["deep": deep, "wide": .array(Array(repeating: 1, count: 5000))]
    try await channel.publish(message, routingKey: queue.name)
    try await channel.publish(Message(body: Data("next".utf8)), routingKey: queue.name)
    #expect(try await channel.get(queue: queue.name, noAcknowledge: true)?.message.body == Data("x".utf8))
    #expect(try await channel.get(queue: queue.name, noAcknowledge: true)?.message.body == Data("next".utf8))
    #expect(try await channel.get(queue: queue.name, noAcknowledge: true) == nil)
    await connection.close()
  }
}
