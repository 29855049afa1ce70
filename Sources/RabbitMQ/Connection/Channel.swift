/// A channel of a connection. Its methods may be called from any task; the broker receives them in the order of the
/// calls.
///
/// An error that the broker reports closes the channel; open another one.
public final class Channel: Sendable {
  let id: ChannelID
  private let commands: CommandQueue

  init(id: ChannelID, commands: CommandQueue) {
    self.id = id
    self.commands = commands
  }

  private func call(_ method: OutgoingMethod) async throws(RabbitMQError) -> MethodReply {
    try await commands.perform { .call(method, channel: id, $0) }
  }

  // MARK: Declaring

  /// Creates the queue, or checks that it exists with these properties.
  /// - Throws: ``RabbitMQError/isPreconditionFailed`` when the queue exists with other properties.
  @discardableResult
  public func declare(_ queue: QueueDeclaration) async throws(RabbitMQError) -> QueueState {
    try Self.state(try await call(.declareQueue(queue, passive: false)))
  }

  /// Returns the state of a queue without creating it.
  /// - Throws: ``RabbitMQError/isNotFound``, or reply code 405 for another connection's queue.
  public func inspect(queue name: String) async throws(RabbitMQError) -> QueueState {
    try Self.state(try await call(.declareQueue(QueueDeclaration(name: name), passive: true)))
  }

  private static func state(_ reply: MethodReply) throws(RabbitMQError) -> QueueState {
    guard case .queue(let state) = reply else {
      throw RabbitMQError(.connectionLost, "the broker answered queue.declare with another method")
    }
    return state
  }

  /// Creates the exchange, or checks that it exists with these properties.
  /// - Throws: ``RabbitMQError/isPreconditionFailed`` when the exchange exists with other properties.
  public func declare(_ exchange: ExchangeDeclaration) async throws(RabbitMQError) {
    _ = try await call(.declareExchange(exchange, passive: false))
  }

  /// Checks that the exchange exists.
  /// - Throws: ``RabbitMQError/isNotFound``.
  public func inspect(exchange: ExchangeDeclaration) async throws(RabbitMQError) {
    _ = try await call(.declareExchange(exchange, passive: true))
  }

  /// Routes messages of the exchange with this routing key to the queue.
  /// - Throws: ``RabbitMQError/isNotFound`` when the queue or the exchange does not exist.
  public func bind(queue: String, exchange: String, routingKey: String = "") async throws(RabbitMQError) {
    _ = try await call(.bindQueue(queue, exchange: exchange, routingKey: routingKey))
  }

  /// Deletes a queue. With `onlyIfEmpty`, a queue with messages is kept and the call fails.
  /// - Throws: ``RabbitMQError/isPreconditionFailed`` for a queue that is not empty.
  public func delete(queue: String, onlyIfEmpty: Bool = false) async throws(RabbitMQError) {
    _ = try await call(.deleteQueue(queue, onlyIfEmpty: onlyIfEmpty))
  }

  /// Deletes an exchange.
  public func delete(exchange: String) async throws(RabbitMQError) {
    _ = try await call(.deleteExchange(exchange))
  }

  // MARK: Consuming

  /// Sets the prefetch count: the largest number of unsettled deliveries of each consumer that is started later.
  public func setPrefetch(_ count: UInt16) async throws(RabbitMQError) {
    _ = try await call(.setPrefetch(count))
  }

  /// Starts a consumer.
  /// - Parameters:
  ///   - onDelivery: called on the connection's thread, in the order of the deliveries. It must not block.
  ///   - onEnd: called once when the consumer ends for another reason than ``cancel(consumerTag:)``.
  public func consume(
    _ options: ConsumeOptions, onDelivery: @escaping @Sendable (Delivery) -> Void,
    onEnd: @escaping @Sendable (RabbitMQError) -> Void = { _ in }
  ) async throws(RabbitMQError) {
    let callbacks = ConsumerCallbacks(onDelivery: onDelivery, onEnd: onEnd)
    _ = try await commands.perform { .consume(options, channel: id, callbacks, $0) }
  }

  /// Stops a consumer. No delivery follows after the return; earlier deliveries stay unsettled.
  public func cancel(consumerTag: String) async throws(RabbitMQError) {
    _ = try await call(.cancelConsumer(consumerTag))
  }

  /// Fetches one message; nil when the queue is empty.
  public func get(queue: String, noAcknowledge: Bool = false) async throws(RabbitMQError) -> Delivery? {
    try await fetch(queue: queue, noAcknowledge: noAcknowledge)?.delivery
  }

  /// Fetches one message, with the number of messages that are still ready in the queue; nil when the queue is empty.
  public func fetch(
    queue: String, noAcknowledge: Bool = false
  ) async throws(RabbitMQError) -> (delivery: Delivery, remaining: Int)? {
    guard
      case .fetched(let delivery, let remaining) = try await call(.get(queue: queue, noAcknowledge: noAcknowledge))
    else { return nil }
    return (delivery, remaining)
  }

  /// Settles a delivery. Acknowledgements in close succession share one method. On a closed channel the call has no
  /// effect, because the broker has already requeued the delivery; it never reaches a later channel.
  public func acknowledge(_ deliveryTag: UInt64) { commands.submit(.acknowledge(deliveryTag, channel: id)) }

  /// Returns a delivery to its queue, or, without `requeue`, sends it to the queue's dead-letter exchange.
  public func reject(_ deliveryTag: UInt64, requeue: Bool) {
    commands.submit(.reject(deliveryTag, requeue: requeue, channel: id))
  }

  // MARK: Publishing

  /// Makes the broker confirm every later message of this channel.
  public func selectConfirms() async throws(RabbitMQError) {
    _ = try await call(.selectConfirms)
  }

  /// Publishes a message. On a channel with confirms, waits for the broker's confirm.
  ///
  /// While the broker blocks the connection, the message waits; the confirm time-out starts when it is sent.
  /// - Parameter mandatory: reports ``PublishOutcome/returned(code:reason:)`` when no queue takes the message. Adds the
  ///   header `x-publish-sequence`.
  /// - Throws: `notAcknowledged`, `timedOut`, `overloaded`, or the error that ended the channel or the connection.
  ///   After such an end, or a time-out, the message may or may not have arrived.
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

  /// Closes the channel. The broker requeues its unsettled deliveries.
  public func close() async {
    _ = try? await call(.closeChannel)
  }

  /// Closes the channel without waiting for the broker. Later calls have no effect.
  public func abandon() { commands.submit(.call(.closeChannel, channel: id) { _ in }) }
}
