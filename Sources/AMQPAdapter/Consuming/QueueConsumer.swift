import Foundation
import Logging
import RabbitMQ
import SpeechCore

/// Keeps one consumer on one queue, and restarts it on each new connection.
actor QueueConsumer {
  /// The connection and channel of the running consumer.
  private struct Attachment {
    var connection: Connection
    var channel: Channel
    var consumerTag: String
  }

  nonisolated let queue: String
  private let logger: Logger
  private let backOff: RetryBackoff
  /// Declares the queue again when it is missing.
  private let declare: @Sendable (Connection) async throws(RabbitMQError) -> Void
  private let onDelivery: @Sendable (Delivery, Channel) -> Void
  /// Called for a channel whose consumer the broker ended.
  private let onLoss: @Sendable (Channel) -> Void
  /// Called for a channel after ``stop()``. Its waiting requests must not start.
  private let onStop: @Sendable (Channel) -> Void
  private var prefetch: UInt16
  private var attachment: Attachment?
  private var generation = 0
  private var isPaused = false
  private var isStopped = false

  init(
    queue: String, prefetch: UInt16, backOff: RetryBackoff, logger: Logger,
    declare: @escaping @Sendable (Connection) async throws(RabbitMQError) -> Void,
    onDelivery: @escaping @Sendable (Delivery, Channel) -> Void,
    onLoss: @escaping @Sendable (Channel) -> Void = { _ in },
    onStop: @escaping @Sendable (Channel) -> Void = { _ in }
  ) {
    self.queue = queue
    self.prefetch = prefetch
    self.backOff = backOff
    self.logger = logger
    self.declare = declare
    self.onDelivery = onDelivery
    self.onLoss = onLoss
    self.onStop = onStop
  }

  /// Starts consuming on a new connection; while it is paused, after ``resume()``.
  func start(on connection: Connection) async throws(RabbitMQError) {
    guard !isStopped else { return }
    generation += 1
    let channel = try await connection.openChannel()
    guard isPaused else { return try await consume(on: channel, connection) }
    // The cancelled consumer did not report the loss of its channel.
    if let attachment { onLoss(attachment.channel) }
    attachment = Attachment(connection: connection, channel: channel, consumerTag: "")
  }

  private func consume(on channel: Channel, _ connection: Connection) async throws(RabbitMQError) {
    let tag = "speechbus-\(UUID().uuidString.lowercased())"
    let generation = generation
    let onDelivery = onDelivery
    try await channel.setPrefetch(prefetch)
    try await channel.consume(
      ConsumeOptions(queue: queue, consumerTag: tag),
      onDelivery: { onDelivery($0, channel) },
      onEnd: { [weak self] error in
        Task { await self?.ended(error, tag: tag, channel: channel, connection, generation: generation) }
      })
    attachment = Attachment(connection: connection, channel: channel, consumerTag: tag)
    if isPaused || isStopped { try await channel.cancel(consumerTag: tag) }
  }

  /// The broker ended the consumer: its queue was deleted, an acknowledgement took too long, or the channel was closed.
  private func ended(
    _ error: RabbitMQError, tag: String, channel: Channel, _ connection: Connection, generation: Int
  ) async {
    let isCurrent = attachment?.consumerTag == tag && !isStopped
    // Nothing settles deliveries of this channel from now on: the broker has returned them, or does so now.
    if isCurrent { channel.abandon() }
    onLoss(channel)
    guard isCurrent else { return }
    attachment = nil
    // If the connection is closed, the next connection starts this consumer again.
    guard error.code == .channelClosed else { return }
    logger.warning("the consumer was ended", metadata: ["queue": "\(queue)", "error": "\(error)"])
    if generation == self.generation { await consumeAgain(connection) }
  }

  /// Declares the queue and consumes on a new channel, until it succeeds or the connection is lost.
  private func consumeAgain(_ connection: Connection) async {
    let generation = generation
    var attempt = 0
    while !isStopped, generation == self.generation {
      try? await Task.sleep(for: backOff.delay(attempt: attempt, jitter: .random(in: 0..<1)))
      guard !isStopped, generation == self.generation else { return }
      do throws(RabbitMQError) {
        try await declare(connection)
        try await consume(on: try await connection.openChannel(), connection)
        logger.info("consuming again", metadata: ["queue": "\(queue)"])
        return
      } catch {
        if error.code == .connectionLost || error.code == .closed || error.code == .timedOut { return }
        logger.warning("can't consume yet", metadata: ["queue": "\(queue)", "error": "\(error)"])
        attempt += 1
      }
    }
  }

  /// Changes the prefetch. The prefetch of a consumer is fixed, so a new consumer replaces it.
  func setPrefetch(_ prefetch: UInt16) async throws(RabbitMQError) {
    guard prefetch != self.prefetch else { return }
    self.prefetch = prefetch
    guard let old = attachment, !isPaused, !isStopped else { return }
    try await consume(on: old.channel, old.connection)
    try await old.channel.cancel(consumerTag: old.consumerTag)
  }

  /// Stops until ``resume()``. No delivery follows after the return; the accepted requests finish.
  func pause() async {
    isPaused = true
    guard let attachment else { return }
    try? await attachment.channel.cancel(consumerTag: attachment.consumerTag)
  }

  /// Consumes again after ``pause()``, on the same channel if it is still open.
  func resume() async {
    isPaused = false
    guard let attachment, !isStopped else { return }
    do throws(RabbitMQError) {
      try await consume(on: attachment.channel, attachment.connection)
    } catch {
      onLoss(attachment.channel)
      await consumeAgain(attachment.connection)
    }
  }

  /// Stops for good. No delivery follows after the return, and the waiting requests are returned.
  func stop() async {
    isStopped = true
    guard let attachment else { return }
    if !isPaused { try? await attachment.channel.cancel(consumerTag: attachment.consumerTag) }
    onStop(attachment.channel)
  }
}
