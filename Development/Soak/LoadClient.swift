import AMQPAdapter
import Foundation
import Logging
import RabbitMQ
import SpeechCore
import Synchronization
import TestSupport

/// The client of the service under test. Its replies arrive in a durable queue, and like the service it must survive
/// every fault of the broker.
final class LoadClient: Sendable {
  let ledger: Ledger
  private let names: QueueNames
  private let publisher: Publisher
  private let consuming: RecoveringConnection
  private let tasks: [Task<Void, Never>]
  private let pause: PauseBox

  init(url: String, names: QueueNames, ledger: Ledger) async throws {
    self.names = names
    self.ledger = ledger
    let configuration = try ConnectionConfiguration(url: url)
    let logger = Logger(label: "soak") { _ in SwiftLogNoOpLogHandler() }
    let backOff = RetryBackoff(initial: .milliseconds(100), maximum: .seconds(1))
    let publisher = Publisher(
      configuration: configuration, budget: PublishBudget(attempts: 10_000, backOff: backOff), backOff: backOff,
      logger: logger)
    let consuming = RecoveringConnection(configuration: configuration, backOff: backOff, logger: logger)
    self.publisher = publisher
    self.consuming = consuming
    let pause = PauseBox()
    self.pause = pause
    let inbox = ReplyInbox(ledger: ledger, pause: pause)
    let setUp: RecoveringConnection.SetUp = { connection throws(RabbitMQError) in
      let channel = try await connection.openChannel()
      try await channel.setPrefetch(64)
      try await channel.declare(QueueDeclaration(name: Offer.replyQueue))
      try await channel.consume(ConsumeOptions(queue: Offer.replyQueue, consumerTag: "soak")) { delivery in
        inbox.take(delivery, channel)
      }
    }
    tasks = [
      Task { try? await publisher.run() }, Task { try? await consuming.run(setUp: setUp) }, Task { await inbox.run() },
    ]
    try await eventually("the client connects", within: .seconds(120)) {
      consuming.status == .open && publisher.status == .open
    }
  }

  /// Makes the client spend this time on each message.
  func slowDown(to pause: Duration) { self.pause.value.withLock { $0 = pause } }

  /// Publishes with a confirm, and retries without a time limit.
  func send(_ offer: Offer) async {
    let message = Message(properties: offer.properties(now: Date()), body: offer.body)
    do throws(RabbitMQError) {
      if try await publisher.publish(message, routingKey: names.synthesize, mandatory: true) == .confirmed {
        ledger.confirm(offer.id)
      }
    } catch {
      return
    }
    if offer.kind == .cancelled { await cancel(offer.id, replyTo: message.properties.replyTo) }
  }

  private func cancel(_ id: String, replyTo: String?) async {
    guard let body = try? JSONEncoder().encode(["cancel": id]) else { return }
    let message = Message(properties: MessageProperties(replyTo: replyTo), body: body)
    _ = try? await publisher.publish(message, exchange: names.control, routingKey: "")
  }

  func stop() async {
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
  }
}

/// The time that the client spends on each message.
private final class PauseBox: Sendable {
  let value = Mutex(Duration.zero)
}

/// Takes replies one after the other, outside the connection's thread, with the configured pause.
private final class ReplyInbox: Sendable {
  private let ledger: Ledger
  private let pause: PauseBox
  private let deliveries: AsyncStream<(Delivery, Channel)>
  private let sink: AsyncStream<(Delivery, Channel)>.Continuation

  init(ledger: Ledger, pause: PauseBox) {
    self.ledger = ledger
    self.pause = pause
    (deliveries, sink) = AsyncStream.makeStream()
  }

  /// The prefetch limits the number of waiting deliveries.
  func take(_ delivery: Delivery, _ channel: Channel) { sink.yield((delivery, channel)) }

  func run() async {
    for await (delivery, channel) in deliveries {
      let pause = pause.value.withLock { $0 }
      if pause > .zero { try? await Task.sleep(for: pause) }
      ledger.take(delivery.message)
      channel.acknowledge(delivery.deliveryTag)
    }
  }
}

struct SoakFailure: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}
