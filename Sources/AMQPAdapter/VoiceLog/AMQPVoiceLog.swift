import Foundation
import Logging
import RabbitMQ
import SpeechCore
import Synchronization

/// The voice log as a RabbitMQ stream. Its entries are kept without a limit, and each replica can read from any offset.
///
/// One recovering connection reads and publishes. After a loss, reading continues behind the last applied entry.
public final class AMQPVoiceLog: VoiceChangeLog {
  private let configuration: ConnectionConfiguration
  private let name: String
  private let logger: Logger
  /// Nil while ``follow(after:_:)`` does not run.
  private let publisher = Mutex<Publisher?>(nil)

  /// - Parameter name: the name of the stream.
  public init(_ configuration: ConnectionConfiguration, name: String, logger: Logger) {
    var configuration = configuration
    configuration.connectionName = "speechbus voice log"
    self.configuration = configuration
    self.name = name
    self.logger = logger
  }

  /// Appends an entry and waits for the broker's confirm. Without a connection, it waits for the next one.
  public func publish(_ body: Data) async throws(SpeechError) {
    guard let publisher = publisher.withLock({ $0 }) else {
      throw SpeechError(.overloaded, "the voice log is not connected")
    }
    let properties = MessageProperties(contentType: "application/json", isPersistent: true)
    do throws(RabbitMQError) {
      try await publisher.publish(Message(properties: properties, body: body), routingKey: name)
    } catch {
      throw SpeechError(.overloaded, "the voice change was not confirmed: \(error)")
    }
  }

  /// - Throws: `overloaded` when the broker refuses the first login, or the error of `apply`.
  public func follow(
    after offset: UInt64?, _ apply: @escaping @Sendable (VoiceLogEntry) async throws(SpeechError) -> Void
  ) async throws(SpeechError) {
    let publisher = Publisher(configuration: configuration, logger: logger)
    let reader = VoiceLogReader(name: name, after: offset, apply: apply)
    self.publisher.withLock { $0 = publisher }
    defer { self.publisher.withLock { $0 = nil } }
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          try await publisher.run { connection throws(RabbitMQError) in try await reader.start(on: connection) }
        }
        group.addTask { try await reader.run() }
        defer { group.cancelAll() }
        try await group.next()
      }
    } catch let error as SpeechError {
      throw error
    } catch {
      throw SpeechError(.overloaded, "the voice log can't be read: \(error)")
    }
  }
}

/// Applies the entries of the stream one at a time, each one once, over any number of connections.
private final class VoiceLogReader: Sendable {
  private let name: String
  private let apply: @Sendable (VoiceLogEntry) async throws(SpeechError) -> Void
  private let applied: Mutex<UInt64?>
  private let deliveries: AsyncStream<(Delivery, Channel)>
  private let sink: AsyncStream<(Delivery, Channel)>.Continuation

  init(
    name: String, after offset: UInt64?, apply: @escaping @Sendable (VoiceLogEntry) async throws(SpeechError) -> Void
  ) {
    self.name = name
    self.apply = apply
    applied = Mutex(offset)
    (deliveries, sink) = AsyncStream.makeStream()
  }

  /// Declares the stream and consumes it on a new connection.
  func start(on connection: Connection) async throws(RabbitMQError) {
    let channel = try await connection.openChannel()
    _ = try await channel.declare(QueueDeclaration(name: name, arguments: ["x-queue-type": "stream"]))
    // A stream consumer requires a prefetch. It is small, because each entry holds a whole voice.
    try await channel.setPrefetch(4)
    let start: FieldValue = applied.withLock { $0 }.map { .integer(Int64(clamping: $0) + 1) } ?? "first"
    try await channel.consume(
      ConsumeOptions(queue: name, consumerTag: "voice-log", arguments: ["x-stream-offset": start]),
      onDelivery: { [sink] in sink.yield(($0, channel)) },
      // The broker ends the consumer alone when the stream is deleted. The next connection declares it again.
      onEnd: { _ in Task { await connection.close() } })
  }

  /// Runs until the task is cancelled.
  func run() async throws(SpeechError) {
    for await (delivery, channel) in deliveries {
      let offset = delivery.message.properties.headers["x-stream-offset"]?.integerValue.map(UInt64.init(clamping:))
      // Entries of a lost connection that were not applied yet are delivered again by the next one.
      if let offset, applied.withLock({ applied in applied.map { $0 < offset } ?? true }) {
        try await apply(VoiceLogEntry(offset: offset, body: delivery.message.body))
        applied.withLock { $0 = offset }
      }
      channel.acknowledge(delivery.deliveryTag)
    }
  }
}
