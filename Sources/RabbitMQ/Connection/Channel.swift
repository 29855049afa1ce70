/// A channel of a connection. Its methods may be called from any task; the broker sees them in the order of the calls.
///
/// An error the broker reports closes the channel: open another.
public final class Channel: Sendable {
  public let id: UInt16
  private let commands: CommandQueue

  init(id: UInt16, commands: CommandQueue) {
    self.id = id
    self.commands = commands
  }

  private func call(_ method: OutgoingMethod) async throws(RabbitMQError) -> MethodReply {
    try await commands.perform { .call(method, channel: id, $0) }
  }

  // MARK: Declaring

  /// Creates the queue, or checks that it exists so.
  /// - Throws: ``RabbitMQError/isPreconditionFailed`` when it exists with other arguments.
  @discardableResult
  public func declare(_ queue: QueueDeclaration) async throws(RabbitMQError) -> QueueState {
    try Self.state(try await call(.declareQueue(queue, passive: false)))
  }

  /// Looks a queue up without creating it.
  /// - Throws: ``RabbitMQError/isNotFound``, or ``RabbitMQError/isResourceLocked`` for another connection's queue.
  public func inspect(queue name: String) async throws(RabbitMQError) -> QueueState {
    try Self.state(try await call(.declareQueue(QueueDeclaration(name: name), passive: true)))
  }

  private static func state(_ reply: MethodReply) throws(RabbitMQError) -> QueueState {
    guard case .queue(let state) = reply else {
      throw RabbitMQError(.connectionLost, "the broker answered queue.declare with another method")
    }
    return state
  }

  public func declare(_ exchange: ExchangeDeclaration) async throws(RabbitMQError) {
    _ = try await call(.declareExchange(exchange, passive: false))
  }

  /// - Throws: ``RabbitMQError/isNotFound``.
  public func inspect(exchange: ExchangeDeclaration) async throws(RabbitMQError) {
    _ = try await call(.declareExchange(exchange, passive: true))
  }

  public func bind(queue: String, exchange: String, routingKey: String = "") async throws(RabbitMQError) {
    _ = try await call(.bindQueue(queue, exchange: exchange, routingKey: routingKey))
  }

  public func delete(queue: String, onlyIfEmpty: Bool = false) async throws(RabbitMQError) {
    _ = try await call(.deleteQueue(queue, onlyIfEmpty: onlyIfEmpty))
  }

  public func delete(exchange: String) async throws(RabbitMQError) {
    _ = try await call(.deleteExchange(exchange))
  }

  public func purge(queue: String) async throws(RabbitMQError) {
    _ = try await call(.purgeQueue(queue))
  }

  // MARK: Consuming

  /// How many unsettled deliveries each consumer started after this may hold.
  public func setPrefetch(_ count: UInt16) async throws(RabbitMQError) {
    _ = try await call(.setPrefetch(count))
  }

  /// Starts a consumer.
  /// - Parameters:
  ///   - onDelivery: called on the connection's thread, in order; must not block.
  ///   - onEnd: called once when no more will come and this side did not cancel.
  public func consume(
    _ options: ConsumeOptions, onDelivery: @escaping @Sendable (Delivery) -> Void,
    onEnd: @escaping @Sendable (RabbitMQError) -> Void = { _ in }
  ) async throws(RabbitMQError) {
    let callbacks = ConsumerCallbacks(onDelivery: onDelivery, onEnd: onEnd)
    _ = try await commands.perform { .consume(options, channel: id, callbacks, $0) }
  }

  /// Stops a consumer; when this returns no delivery follows. Those that came stay unsettled.
  public func cancel(consumerTag: String) async throws(RabbitMQError) {
    _ = try await call(.cancelConsumer(consumerTag))
  }

  /// Fetches one message; nil when the queue is empty.
  public func get(queue: String, noAcknowledge: Bool = false) async throws(RabbitMQError) -> Delivery? {
    guard case .fetched(let delivery, _) = try await call(.get(queue: queue, noAcknowledge: noAcknowledge)) else {
      return nil
    }
    return delivery
  }

  /// Settles a delivery. Acknowledgements made close together share one method. Nothing happens on a closed channel:
  /// the broker has put the delivery back by then.
  public func acknowledge(_ deliveryTag: UInt64) { commands.submit(.acknowledge(deliveryTag, channel: id)) }

  /// Gives a delivery back to its queue, or to the queue's dead-letter exchange.
  public func reject(_ deliveryTag: UInt64, requeue: Bool) {
    commands.submit(.reject(deliveryTag, requeue: requeue, channel: id))
  }

  // MARK: Publishing

  /// Makes the broker confirm every message published from here on.
  public func selectConfirms() async throws(RabbitMQError) {
    _ = try await call(.selectConfirms)
  }

  /// Publishes and, on a channel with confirms, waits for the broker's.
  ///
  /// While the broker blocks the connection the message waits; the confirm timeout starts when it is sent.
  /// - Parameter mandatory: reports ``PublishOutcome/returned(code:reason:)`` when no queue takes the message. Adds
  ///   the header `x-publish-sequence`.
  /// - Throws: `notAcknowledged`, `timedOut`, `overloaded`, or that the channel or connection is gone: then the
  ///   message may or may not have arrived.
  @discardableResult
  public func publish(
    _ message: Message, exchange: String = "", routingKey: String, mandatory: Bool = false
  ) async throws(RabbitMQError) -> PublishOutcome {
    try await commands.perform {
      .publish(
        OutgoingMessage(
          message: message, exchange: exchange, routingKey: routingKey, mandatory: mandatory, completion: $0),
        channel: id)
    }
  }

  public func close() async {
    _ = try? await call(.closeChannel)
  }
}
