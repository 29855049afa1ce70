import Foundation
import Logging
import RabbitMQ
import SpeechCore
import Synchronization
import TestSupport

@testable import AMQPAdapter

/// A service with separate queues, and with the stub instead of a model.
final class BusFixture: Sendable {
  let configuration: AMQPConfiguration
  let handler = StubSpeechHandler()
  let service: AMQPConsumerService
  let events = EventLog()
  let budgets: MemoryBudgets
  private let task: Task<Void, any Error>

  init(
    _ broker: PrivateBroker? = nil, url: String? = nil, budgets: MemoryBudgets = MemoryBudgets(),
    configure: (inout AMQPConfiguration) -> Void = { _ in }
  ) async throws {
    let brokerURL: String
    if let url {
      brokerURL = url
    } else if let broker {
      brokerURL = broker.url
    } else {
      brokerURL = try await PrivateBroker.shared().url
    }
    var configuration = AMQPConfiguration(
      connection: try ConnectionConfiguration(url: brokerURL),
      names: QueueNames(prefix: "t\(UUID().uuidString.prefix(8))"))
    // Declaring quorum queues takes long, so only the tests of quorum queues use them.
    configuration.queueType = .classic
    configuration.retryDelays = [.milliseconds(100), .milliseconds(200)]
    configuration.backOff = RetryBackoff(initial: .milliseconds(100), maximum: .seconds(1))
    configure(&configuration)
    self.configuration = configuration
    self.budgets = budgets
    var logger = Logger(label: "test")
    logger.logLevel =
      ProcessInfo.processInfo.environment["SPEECHBUS_TEST_LOG"].flatMap { Logger.Level(rawValue: $0) } ?? .critical
    let events = events
    let service = AMQPConsumerService(
      configuration: configuration, handler: handler, budgets: budgets, logger: logger
    ) { events.add($0) }
    self.service = service
    task = Task { try await service.run() }
    try await eventually { service.currentState.connection == .connected }
  }

  func requester(
    _ mode: AMQPRequester.ReplyMode = .direct, url: String? = nil
  ) async throws -> AMQPRequester {
    var connection = configuration.connection
    if let url { connection = try ConnectionConfiguration(url: url) }
    return try await AMQPRequester.connect(connection, names: configuration.names, replyMode: mode)
  }

  /// A connection and a channel for direct access to the broker.
  func channel() async throws -> (Connection, Channel) {
    let connection = try await Connection.open(
      configuration.connection, endpoint: configuration.connection.endpoints[0])
    return (connection, try await connection.openChannel())
  }

  func messageCount(_ queue: String) async throws -> Int {
    let (connection, channel) = try await channel()
    defer { Task { await connection.close() } }
    return try await channel.inspect(queue: queue).messageCount
  }

  /// Waits for the oldest dead-lettered message and removes it.
  func takeDeadLetter() async throws -> Message {
    let (connection, channel) = try await channel()
    defer { Task { await connection.close() } }
    return try await takeReply(from: configuration.names.dead, channel)
  }

  /// Waits for the next message of a queue and removes it.
  func takeReply(from queue: String, _ channel: Channel) async throws -> Message {
    let found = Mutex<Message?>(nil)
    try await eventually {
      let message = try await channel.get(queue: queue, noAcknowledge: true)?.message
      found.withLock { $0 = message }
      return message != nil
    }
    guard let message = found.withLock({ $0 }) else { throw Timeout(description: "nothing in \(queue)") }
    return message
  }

  /// Stops the service and keeps its queues, so that another service can use them.
  func stopKeepingQueues() async {
    task.cancel()
    _ = await task.result
  }

  func stop() async {
    await stopKeepingQueues()
    guard let (connection, channel) = try? await channel() else { return }
    for queue in TopologyPlan(configuration).queues { try? await channel.delete(queue: queue.name) }
    try? await channel.delete(exchange: configuration.names.control)
    await connection.close()
  }
}

/// The events of the service, in order.
final class EventLog: Sendable {
  private let events = Mutex<[AMQPEvent]>([])

  func add(_ event: AMQPEvent) { events.withLock { $0.append(event) } }
  var all: [AMQPEvent] { events.withLock { $0 } }
  func count(_ event: AMQPEvent) -> Int { all.count { $0 == event } }
}
