import Foundation
import RabbitMQ
import SpeechCore

/// A client of the service on AMQP: it sends requests and waits for replies. It does not reconnect.
public final class AMQPRequester: Sendable {
  /// The destination of replies.
  public enum ReplyMode: Sendable, Equatable {
    /// RabbitMQ's direct reply-to: it needs no queue and is the fastest.
    case direct
    /// An exclusive queue, which the broker deletes with the client's connection; with nil the broker chooses its name.
    case exclusiveQueue(String?)
  }

  private let connection: Connection
  private let channel: Channel
  private let router: ReplyRouter
  let names: QueueNames
  let replyTo: String

  private init(connection: Connection, channel: Channel, router: ReplyRouter, names: QueueNames, replyTo: String) {
    self.connection = connection
    self.channel = channel
    self.router = router
    self.names = names
    self.replyTo = replyTo
  }

  /// Connects to the first endpoint that accepts the connection.
  /// - Throws: `broker`.
  public static func connect(
    _ configuration: ConnectionConfiguration, names: QueueNames = QueueNames(), replyMode: ReplyMode = .direct
  ) async throws(AMQPAdapterError) -> AMQPRequester {
    var configuration = configuration
    if configuration.connectionName.isEmpty { configuration.connectionName = "speechbus request" }
    let router = ReplyRouter()
    do throws(RabbitMQError) {
      let connection = try await Connection.openAny(configuration) { event in
        if case .closed(let error) = event { router.fail(AMQPAdapterError(error)) }
      }
      return try await prepare(connection, router: router, names: names, replyMode: replyMode)
    } catch {
      throw AMQPAdapterError(error)
    }
  }

  private static func prepare(
    _ connection: Connection, router: ReplyRouter, names: QueueNames, replyMode: ReplyMode
  ) async throws(RabbitMQError) -> AMQPRequester {
    let channel = try await connection.openChannel()
    let replyTo: String
    switch replyMode {
    case .direct: replyTo = "amq.rabbitmq.reply-to"
    case .exclusiveQueue(let name):
      replyTo = try await channel.declare(
        QueueDeclaration(name: name ?? "", exclusive: true, autoDelete: true)
      ).name
    }
    try await channel.consume(
      ConsumeOptions(queue: replyTo, consumerTag: "replies", noAcknowledge: true),
      onDelivery: { router.receive(RawReply($0.message)) },
      onEnd: { router.fail(AMQPAdapterError($0)) })
    try await channel.selectConfirms()
    return AMQPRequester(connection: connection, channel: channel, router: router, names: names, replyTo: replyTo)
  }

  /// Closes the connection. Waiting requests fail.
  public func close() async {
    router.fail(AMQPAdapterError(.closed, "the requester was closed"))
    await connection.close()
  }

  // MARK: Requests

  /// Sends a body to a queue and passes every message of the reply to `onMessage`, in order. Returns the final message.
  /// - Throws: `queueMissing`, `timedOut` or `broker`.
  func send(
    _ body: Data, to queue: String, options: RequestOptions = RequestOptions(),
    onMessage: @escaping @Sendable (RawReply) async throws -> Void = { _ in }
  ) async throws(AMQPAdapterError) -> RawReply {
    let correlationID = options.correlationID ?? UUID().uuidString.lowercased()
    let replies = try router.expect(correlationID)
    defer { router.forget(correlationID) }
    let message = Message(properties: options.properties(replyTo: replyTo, correlationID: correlationID), body: body)
    do throws(RabbitMQError) {
      guard try await channel.publish(message, routingKey: queue, mandatory: true) == .confirmed else {
        throw RabbitMQError(.channelClosed, "no queue", replyCode: 312)
      }
    } catch {
      guard error.replyCode == 312 else { throw AMQPAdapterError(error) }
      throw AMQPAdapterError(
        .queueMissing, "the broker has no queue \(queue): start the service, or declare it with topology declare")
    }
    do {
      return try await Self.collect(replies, timeout: options.timeout, onMessage: onMessage)
    } catch let error as AMQPAdapterError {
      throw error
    } catch {
      throw AMQPAdapterError(.badReply, "\(error)")
    }
  }

  private static func collect(
    _ replies: AsyncThrowingStream<RawReply, any Error>, timeout: Duration,
    onMessage: @escaping @Sendable (RawReply) async throws -> Void
  ) async throws -> RawReply {
    let progress = ReplyProgress()
    return try await withThrowingTaskGroup(of: RawReply.self) { group in
      group.addTask {
        for try await reply in replies {
          progress.note()
          try await onMessage(reply)
          if reply.isFinal { return reply }
        }
        throw AMQPAdapterError(.closed, "the connection ended before the reply was whole")
      }
      group.addTask {
        // The time-out counts from the last message, so that a long stream does not time out while it makes progress.
        while true {
          let remaining = timeout - progress.sinceLast
          if remaining <= .zero { throw AMQPAdapterError(.timedOut, "no reply within \(timeout)") }
          try await Task.sleep(for: remaining)
        }
      }
      defer { group.cancelAll() }
      guard let reply = try await group.next() else { throw AMQPAdapterError(.closed, "no reply") }
      return reply
    }
  }

  /// Requests the synthesis of a text.
  /// - Parameter onAudio: receives each piece of a streamed reply once, in order.
  /// - Throws: `refused` with the service's error, `badReply`, or an error of ``send(_:to:options:onMessage:)``.
  public func synthesize(
    _ request: SynthesisRequest, options: RequestOptions = RequestOptions(),
    onAudio: @escaping @Sendable (Data) async throws -> Void = { _ in }
  ) async throws(AMQPAdapterError) -> SynthesisReply {
    let order = ChunkOrder()
    let reply = try await send(try Self.encode(request), to: names.synthesize, options: options) { message in
      if let audio = try order.accept(message) { try await onAudio(audio) }
    }
    return try Self.decode(SynthesisReply.self, from: reply.body)
  }

  /// Sends a request whose reply is one JSON object.
  public func request<Reply: Decodable>(
    _ type: Reply.Type, _ body: Data = Data("{}".utf8), to queue: String, options: RequestOptions = RequestOptions()
  ) async throws(AMQPAdapterError) -> Reply {
    try Self.decode(type, from: try await send(body, to: queue, options: options).body)
  }

  /// Cancels a request of this requester on every worker, through the control exchange.
  func cancel(correlationID: String) async throws(AMQPAdapterError) {
    let body = try Self.encode(["cancel": correlationID])
    do throws(RabbitMQError) {
      let message = Message(properties: MessageProperties(replyTo: replyTo), body: body)
      try await channel.publish(message, exchange: names.control, routingKey: "")
    } catch {
      throw AMQPAdapterError(error)
    }
  }

  private static func encode(_ value: some Encodable) throws(AMQPAdapterError) -> Data {
    do throws(SpeechError) {
      return try WireJSON.encode(value)
    } catch {
      throw AMQPAdapterError(.badReply, "\(error)")
    }
  }

  static func decode<Reply: Decodable>(_ type: Reply.Type, from body: Data) throws(AMQPAdapterError) -> Reply {
    if let refusal = try? JSONDecoder().decode(ErrorReply.self, from: body), refusal.status == "error" {
      throw AMQPAdapterError(.refused, "\(refusal.error)", reply: refusal.error)
    }
    do {
      return try JSONDecoder().decode(type, from: body)
    } catch {
      throw AMQPAdapterError(.badReply, "the reply is not what was expected: \(error)")
    }
  }
}
