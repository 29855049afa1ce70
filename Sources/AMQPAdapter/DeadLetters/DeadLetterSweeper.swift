import Foundation
import Logging
import RabbitMQ

/// Keeps `tts.dead` within its limits. Queue arguments could not do so for a queue that exists already, and they would
/// not count the dropped messages. Each worker does this; a message is dropped by one of them.
actor DeadLetterSweeper {
  private let queue: String
  private let interval: Duration
  private let sender: ReplySender
  private let logger: Logger
  private let observe: @Sendable (AMQPEvent) -> Void
  private var retention: DeadLetterRetention
  private var task: Task<Void, Never>?

  init(
    _ configuration: AMQPConfiguration, sender: ReplySender, logger: Logger,
    observe: @escaping @Sendable (AMQPEvent) -> Void
  ) {
    queue = configuration.names.dead
    interval = configuration.deadLetterInterval
    retention = DeadLetterRetention(limits: configuration.deadLetterLimits)
    self.sender = sender
    self.logger = logger
    self.observe = observe
  }

  /// Sweeps at intervals until the connection ends.
  func start(on connection: Connection) {
    task?.cancel()
    guard retention.limits != DeadLetterLimits(maximumAge: nil, maximumCount: nil) else { return }
    let interval = interval
    task = Task { [weak self] in
      while !Task.isCancelled, await self?.sweep(on: connection) == true { try? await Task.sleep(for: interval) }
    }
  }

  /// - Returns: whether the connection can still be used.
  private func sweep(on connection: Connection) async -> Bool {
    do throws(RabbitMQError) {
      // The last message is not settled, so the close returns it to the head of the queue. A `reject` would put it at
      // the end if the queue has no delivery limit.
      let dropped = try await connection.withChannel { channel throws(RabbitMQError) in
        try await self.dropped(on: channel)
      }
      for (reason, count) in dropped {
        logger.warning(
          "dropped the oldest messages of tts.dead",
          metadata: ["limit": "\(reason.rawValue)", "count": .stringConvertible(count)])
      }
      return true
    } catch {
      return error.code != .connectionLost && error.code != .closed
    }
  }

  private func dropped(on channel: Channel) async throws(RabbitMQError) -> [DeadLetterDropReason: Int] {
    var dropped: [DeadLetterDropReason: Int] = [:]
    let count: Int
    do throws(RabbitMQError) {
      count = try await channel.inspect(queue: queue).messageCount
    } catch {
      // The queue is declared again when a message must be kept there.
      guard error.isNotFound else { throw error }
      return dropped
    }
    guard retention.isDue(count: count, now: Date()) else { return dropped }
    while let (delivery, remaining) = try await channel.fetch(queue: queue) {
      let (message, now) = (delivery.message, Date())
      // A message without its whole body can't be marked, so its age counts from now.
      let deadAt = MessageDeath.time(message.properties.headers) ?? (message.isBodyTooLarge ? now : nil)
      switch retention.verdict(deadAt: deadAt, remaining: remaining, now: now) {
      case .drop(let reason):
        dropped[reason, default: 0] += 1
        observe(.deadLetterDropped(reason))
      case .mark:
        do throws(RabbitMQError) {
          try await sender.markDead(message)
        } catch {
          logger.warning("can't mark a dead letter with its time", metadata: ["error": "\(error)"])
          return dropped
        }
      case .keep: return dropped
      }
      channel.acknowledge(delivery.deliveryTag)
    }
    return dropped
  }
}
