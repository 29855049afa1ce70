import Foundation
import Logging
import RabbitMQ
import SpeechCore
import Synchronization

/// A log of the replicas as a RabbitMQ stream. Its entries are kept without a limit, and each replica can read from any
/// offset. Replicas publish to an exchange with the stream's name, for which clients need no permission.
///
/// One recovering connection reads and publishes. After a loss, reading continues behind the last applied entry.
public final class AMQPReplicaLog: ReplicaLog {
  private let configuration: ConnectionConfiguration
  private let stream: LogStream
  private let logger: Logger
  /// Nil while ``follow(after:_:)`` does not run.
  private let publisher = Mutex<Publisher?>(nil)

  /// - Parameters:
  ///   - name: the name of the stream and its exchange.
  ///   - retention: limits of the entries' age in hours and of their bytes; nil keeps all.
  public init(
    _ configuration: ConnectionConfiguration, name: String, retention: (hours: Int, bytes: Int)? = nil, logger: Logger
  ) {
    var configuration = configuration
    configuration.maxBodyBytes = max(configuration.maxBodyBytes, 128 << 20)
    configuration.connectionName = "speechbus \(name)"
    self.configuration = configuration
    var arguments: FieldTable = ["x-queue-type": "stream"]
    if let retention {
      arguments["x-max-age"] = .string("\(retention.hours)h")
      arguments["x-max-length-bytes"] = .integer(Int64(retention.bytes))
      // Whole segments are removed.
      arguments["x-stream-max-segment-size-bytes"] = .integer(Int64(32 << 20))
    }
    stream = LogStream(name: name, arguments: arguments)
    self.logger = logger
  }

  /// Appends an entry and waits for the broker's confirm. Without a connection, it waits for the next one.
  public func publish(_ body: Data, signature: String) async throws(SpeechError) {
    guard let publisher = publisher.withLock({ $0 }) else {
      throw SpeechError(.overloaded, "\(stream.name) is not connected")
    }
    do throws(RabbitMQError) {
      let outcome = try await publisher.publish(
        LogStream.message(body, signature), exchange: stream.name, routingKey: "", mandatory: true)
      guard outcome == .confirmed else { throw RabbitMQError(.notAcknowledged, "the stream is missing") }
    } catch {
      throw SpeechError(.overloaded, "an entry of \(stream.name) was not confirmed: \(error)")
    }
  }

  /// - Throws: `overloaded` when the broker refuses the first login, or the error of `apply`.
  public func follow(
    after position: LogPosition?, _ apply: @escaping @Sendable (LogEntry) async throws(SpeechError) -> Void
  ) async throws(SpeechError) {
    let publisher = Publisher(configuration: configuration, logger: logger)
    let reader = LogReader(stream, after: position, apply: apply)
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
      throw SpeechError(.overloaded, "\(stream.name) can't be read: \(error)")
    }
  }

  /// Uses a separate connection, because the deletion ends that of the reader.
  public func erase(beginningWith first: [(body: Data, signature: String)]) async throws(SpeechError) {
    do throws(RabbitMQError) {
      let connection = try await Connection.openAny(configuration)
      let result: Result<Void, RabbitMQError>
      do throws(RabbitMQError) {
        result = .success(try await stream.replace(on: connection, beginningWith: first))
      } catch {
        result = .failure(error)
      }
      await connection.close()
      try result.get()
    } catch {
      throw SpeechError(.overloaded, "\(stream.name) can't be erased: \(error)")
    }
  }
}

/// The queue and the exchange of a log.
private struct LogStream: Sendable {
  let name: String
  let arguments: FieldTable

  /// Declares the stream, the exchange and their binding. A stream with other arguments is used as it is.
  /// - Returns: a new channel and the number of entries.
  func declare(on connection: Connection) async throws(RabbitMQError) -> (Channel, count: Int) {
    var channel = try await connection.openChannel()
    let state: QueueState
    do throws(RabbitMQError) {
      state = try await channel.declare(QueueDeclaration(name: name, arguments: arguments))
    } catch {
      guard error.isPreconditionFailed else { throw error }
      channel = try await connection.openChannel()
      state = try await channel.inspect(queue: name)
    }
    try await channel.declare(ExchangeDeclaration(name: name, kind: .fanout))
    try await channel.bind(queue: name, exchange: name)
    return (channel, state.messageCount)
  }

  /// Deletes the stream and declares it again, unless another replica does it now, as an exclusive queue shows.
  func replace(
    on connection: Connection, beginningWith first: [(body: Data, signature: String)]
  ) async throws(RabbitMQError) {
    guard let channel = try await connection.lock("\(name).claim") else { return }
    try await channel.delete(queue: name)
    let (publishing, _) = try await declare(on: connection)
    try await publishing.selectConfirms()
    for entry in first {
      _ = try await publishing.publish(Self.message(entry.body, entry.signature), exchange: name, routingKey: "")
    }
  }

  static func message(_ body: Data, _ signature: String) -> Message {
    Message(
      properties: MessageProperties(
        contentType: "application/json", headers: [HeaderName.signature: .string(signature)], isPersistent: true),
      body: body)
  }
}

/// Applies the entries of the stream one at a time, each one once, over any number of connections.
private final class LogReader: Sendable {
  private let stream: LogStream
  private let apply: @Sendable (LogEntry) async throws(SpeechError) -> Void
  private let applied: Mutex<LogPosition?>
  private let deliveries: AsyncStream<(Delivery, Channel)>
  private let sink: AsyncStream<(Delivery, Channel)>.Continuation

  init(
    _ stream: LogStream, after position: LogPosition?,
    apply: @escaping @Sendable (LogEntry) async throws(SpeechError) -> Void
  ) {
    self.stream = stream
    self.apply = apply
    applied = Mutex(position)
    (deliveries, sink) = AsyncStream.makeStream()
  }

  /// Declares the stream and consumes it on a new connection. The last applied entry is delivered again, to compare it.
  func start(on connection: Connection) async throws(RabbitMQError) {
    let (channel, count) = try await stream.declare(on: connection)
    let position = applied.withLock { $0 }
    if let position, try await isShorter(channel, count, than: position) { return sink.finish() }
    // A stream consumer requires a prefetch. It is small, because each entry can hold a whole voice.
    try await channel.setPrefetch(4)
    let start: FieldValue = position.map { .integer(Int64(clamping: $0.offset)) } ?? "first"
    try await channel.consume(
      ConsumeOptions(queue: stream.name, consumerTag: "replica-log", arguments: ["x-stream-offset": start]),
      onDelivery: { [sink] in sink.yield(($0, channel)) },
      // The broker ends the consumer alone when the stream is deleted. The next connection declares it again.
      onEnd: { _ in Task { await connection.close() } })
  }

  /// Whether the stream ends before `position`. The broker counts new entries some seconds late.
  private func isShorter(
    _ channel: Channel, _ count: Int, than position: LogPosition
  ) async throws(RabbitMQError) -> Bool {
    var count = count
    for _ in 0..<16 where UInt64(clamping: count) <= position.offset {
      guard (try? await Task.sleep(for: .milliseconds(500))) != nil else { break }
      count = try await channel.inspect(queue: stream.name).messageCount
    }
    return UInt64(clamping: count) <= position.offset
  }

  /// Runs until the task is cancelled, or another stream than before is found.
  func run() async throws(SpeechError) {
    for await (delivery, channel) in deliveries {
      if let entry = Self.entry(delivery, stream.name) {
        guard let position = applied.withLock({ $0 }), entry.offset <= position.offset else {
          try await apply(entry)
          applied.withLock { $0 = entry.position }
          channel.acknowledge(delivery.deliveryTag)
          continue
        }
        // Entries of a lost connection that were not applied yet are delivered again by the next one.
        if entry.offset == position.offset, entry.position != position { return }
      }
      channel.acknowledge(delivery.deliveryTag)
    }
  }

  private static func entry(_ delivery: Delivery, _ exchange: String) -> LogEntry? {
    let headers = delivery.message.properties.headers
    guard let offset = headers["x-stream-offset"]?.integerValue else { return nil }
    return LogEntry(
      offset: UInt64(clamping: offset), body: delivery.message.body,
      signature: headers[HeaderName.signature]?.stringValue, isFromReplicas: delivery.exchange == exchange)
  }
}
