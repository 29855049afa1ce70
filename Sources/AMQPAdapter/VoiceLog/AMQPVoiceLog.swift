import Foundation
import RabbitMQ
import SpeechCore

/// The voice log as a RabbitMQ stream. Its entries are kept without a limit, and each replica can read from any offset.
public actor AMQPVoiceLog: VoiceChangeLog {
  private let configuration: ConnectionConfiguration
  private let name: String
  private var publishing: (connection: Connection, channel: Channel)?

  public init(_ configuration: ConnectionConfiguration, name: String) {
    var configuration = configuration
    configuration.connectionName = "speechbus voice log"
    self.configuration = configuration
    self.name = name
  }

  /// Appends an entry and waits for the broker's confirm.
  public func publish(_ body: Data) async throws(SpeechError) {
    do throws(RabbitMQError) {
      let channel = try await publishingChannel()
      let properties = MessageProperties(contentType: "application/json", isPersistent: true)
      try await channel.publish(Message(properties: properties, body: body), routingKey: name)
    } catch {
      if let (connection, _) = publishing { await connection.close() }
      publishing = nil
      throw SpeechError(.overloaded, "the voice change was not confirmed: \(error)")
    }
  }

  /// The entries after `offset` (nil: all entries), then each new one. A lost connection ends it with an error.
  public nonisolated func entries(after offset: UInt64?) -> AsyncThrowingStream<VoiceLogEntry, any Error> {
    let reader = VoiceLogReader { [self] (receive) throws(RabbitMQError) in
      try await consume(after: offset, receive)
    }
    return AsyncThrowingStream { try await reader.next() }
  }

  public func close() async {
    if let (connection, _) = publishing { await connection.close() }
    publishing = nil
  }

  private func publishingChannel() async throws(RabbitMQError) -> Channel {
    if let publishing { return publishing.channel }
    let connection = try await open()
    let channel = try await connection.openChannel()
    try await declare(on: channel)
    try await channel.selectConfirms()
    publishing = (connection, channel)
    return channel
  }

  private func consume(
    after offset: UInt64?, _ receive: AsyncThrowingStream<Delivery, any Error>.Continuation
  ) async throws(RabbitMQError) -> (Connection, Channel) {
    let connection = try await open()
    let channel = try await connection.openChannel()
    try await declare(on: channel)
    // A stream consumer requires a prefetch. It is small, because each entry holds a whole voice.
    try await channel.setPrefetch(4)
    let start: FieldValue = offset.map { .integer(Int64(clamping: $0) + 1) } ?? "first"
    try await channel.consume(
      ConsumeOptions(queue: name, consumerTag: "voice-log", arguments: ["x-stream-offset": start]),
      onDelivery: { receive.yield($0) }, onEnd: { receive.finish(throwing: $0) })
    return (connection, channel)
  }

  private func declare(on channel: Channel) async throws(RabbitMQError) {
    _ = try await channel.declare(QueueDeclaration(name: name, arguments: ["x-queue-type": "stream"]))
  }

  private func open() async throws(RabbitMQError) -> Connection {
    try await Connection.openAny(configuration)
  }
}

/// Reads the stream one entry at a time. An entry is acknowledged when the next one is requested.
private actor VoiceLogReader {
  typealias Open =
    @Sendable (
      AsyncThrowingStream<Delivery, any Error>.Continuation
    ) async throws(RabbitMQError) -> (Connection, Channel)

  private let open: Open
  private let deliveries: AsyncThrowingStream<Delivery, any Error>
  private let receive: AsyncThrowingStream<Delivery, any Error>.Continuation
  private var session: (connection: Connection, channel: Channel)?
  private var unsettled: UInt64?

  init(_ open: @escaping Open) {
    self.open = open
    (deliveries, receive) = AsyncThrowingStream.makeStream()
  }

  deinit {
    if let (connection, _) = session { Task { await connection.close() } }
  }

  func next() async throws -> VoiceLogEntry? {
    if session == nil { session = try await open(receive) }
    if let unsettled { session?.channel.acknowledge(unsettled) }
    unsettled = nil
    for try await delivery in deliveries {
      unsettled = delivery.deliveryTag
      guard let offset = delivery.message.properties.headers["x-stream-offset"]?.integerValue else { continue }
      return VoiceLogEntry(offset: UInt64(clamping: offset), body: delivery.message.body)
    }
    return nil
  }
}
