import RabbitMQ

extension Connection {
  /// Declares an exclusive queue as a lock among connections. The broker deletes it when this connection ends.
  /// - Returns: the channel that declared it; nil while another connection has it.
  func lock(_ queue: String) async throws(RabbitMQError) -> Channel? {
    let channel = try await openChannel()
    do throws(RabbitMQError) {
      try await channel.declare(QueueDeclaration(name: queue, exclusive: true))
      return channel
    } catch {
      guard error.isLocked else { throw error }
      return nil
    }
  }
}
