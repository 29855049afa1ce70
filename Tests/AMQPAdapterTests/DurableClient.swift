import AMQPAdapter
import Foundation
import Logging
import RabbitMQ
import SpeechCore
import Synchronization
import TestSupport

/// A client whose replies arrive in a durable queue, so that it survives every fault of the broker.
final class DurableClient: Sendable {
  /// The received replies, by correlation id.
  final class Inbox: Sendable {
    private let replies = Mutex<[String: [SynthesisReply]]>([:])
    private let failures = Mutex<[String]>([])

    func take(_ message: Message) {
      let id = message.properties.correlationID?.text ?? ""
      guard let reply = try? JSONDecoder().decode(SynthesisReply.self, from: message.body) else {
        return failures.withLock { $0.append(String(decoding: message.body.prefix(300), as: UTF8.self)) }
      }
      replies.withLock { $0[id, default: []].append(reply) }
    }

    var byCorrelationID: [String: [SynthesisReply]] { replies.withLock { $0 } }
    var errors: [String] { failures.withLock { $0 } }
  }

  let inbox = Inbox()
  let replyQueue = "replies-\(UUID())"
  private let names: QueueNames
  private let publisher: Publisher
  private let tasks: [Task<Void, Never>]

  init(url: String, names: QueueNames) async throws {
    self.names = names
    let configuration = try ConnectionConfiguration(url: url)
    let logger = Logger(label: "client") { _ in SwiftLogNoOpLogHandler() }
    let backOff = RetryBackoff(initial: .milliseconds(100), maximum: .milliseconds(500))
    let publisher = Publisher(
      configuration: configuration, budget: PublishBudget(attempts: 1000, backOff: backOff), backOff: backOff,
      logger: logger)
    let consuming = RecoveringConnection(configuration: configuration, backOff: backOff, logger: logger)
    self.publisher = publisher
    let setUp: RecoveringConnection.SetUp = { [replyQueue, inbox] connection throws(RabbitMQError) in
      let channel = try await connection.openChannel()
      try await channel.declare(QueueDeclaration(name: replyQueue))
      try await channel.consume(ConsumeOptions(queue: replyQueue, consumerTag: "client")) { delivery in
        inbox.take(delivery.message)
        channel.acknowledge(delivery.deliveryTag)
      }
    }
    tasks = [Task { try? await publisher.run() }, Task { try? await consuming.run(setUp: setUp) }]
    try await eventually { consuming.status == .open }
  }

  /// The text is also the correlation id.
  func send(_ text: String) async throws {
    let properties = MessageProperties(
      isPersistent: true, correlationID: text, replyTo: replyQueue, messageID: text)
    let body = try JSONEncoder().encode(SynthesisRequest(text: text))
    try await publisher.publish(Message(properties: properties, body: body), routingKey: names.synthesize)
  }

  func sendAll(_ texts: [String]) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for text in texts { group.addTask { try await self.send(text) } }
      try await group.waitForAll()
    }
  }

  /// The texts without a right answer: unanswered, or answered with other bytes.
  func unanswered(_ texts: [String]) -> [String] {
    let replies = inbox.byCorrelationID
    return texts.filter { text in
      guard let answers = replies[text], let first = answers.first else { return true }
      return first.audio != StubSpeechHandler.audio(for: text) || answers.contains { $0.sha256 != first.sha256 }
    }
  }

  func stop() async {
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
  }
}
