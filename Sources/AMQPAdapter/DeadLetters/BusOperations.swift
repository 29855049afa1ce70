import RabbitMQ
import SpeechCore
import SpeechService
import Synchronization

/// The queues of the service on its own connections, for an operator.
final class BusOperations: QueueOperations {
  private static let turn = "dead letters"

  private let configuration: AMQPConfiguration
  private let publisher: Publisher
  private let connection = Mutex<Connection?>(nil)
  private let turns = KeyedTurns()

  init(_ configuration: AMQPConfiguration, publisher: Publisher) {
    self.configuration = configuration
    self.publisher = publisher
  }

  /// - Parameter connection: receives messages, from now on.
  func start(on connection: Connection) { self.connection.withLock { $0 = connection } }

  func queues() async throws(SpeechError) -> QueueOverview {
    let report = try await onBroker { connection throws(RabbitMQError) in
      try await TopologyPlan(configuration).inspect(on: connection)
    }
    let names = configuration.names
    return QueueOverview(
      synthesize: names.synthesize, dead: names.dead,
      queues: report.queues.compactMap { entry in
        guard let messages = entry.messages, let consumers = entry.consumers else { return nil }
        return QueueOverview.Entry(name: entry.name, messages: messages, consumers: consumers)
      })
  }

  func deadLetters(limit: Int) async throws(SpeechError) -> DeadLetterPage {
    let names = configuration.names
    return try await inTurn { connection throws(RabbitMQError) in
      do throws(RabbitMQError) {
        let total = try await connection.withChannel { channel throws(RabbitMQError) in
          try await channel.inspect(queue: names.dead).messageCount
        }
        let letters = try await DeadLetters(connection: connection, names: names, limit: limit).list()
        return DeadLetterPage(total: max(total, letters.count), messages: letters)
      } catch {
        // The queue is declared again when a message must be kept there.
        guard error.isNotFound else { throw error }
        return DeadLetterPage(total: 0, messages: [])
      }
    }
  }

  func settle(
    _ id: String, by settlement: DeadLetterSettlement,
    record: @escaping @Sendable (DeadLetter) async throws(SpeechError) -> Void
  ) async throws(SpeechError) -> DeadLetter? {
    let names = configuration.names
    return try await inTurn { connection throws(RabbitMQError) in
      try await publisher.withConnection { publishing throws(RabbitMQError) in
        try await DeadLetters(connection: connection, publishing: publishing, names: names)
          .settle(id, by: settlement, record: record)
      }
    }.get()
  }

  /// One operation at a time: two at once would each see a part of the messages.
  private func inTurn<Value: Sendable>(
    _ operation: (Connection) async throws(RabbitMQError) -> Value
  ) async throws(SpeechError) -> Value {
    try await turns.enter(Self.turn)
    defer { turns.leave(Self.turn) }
    return try await onBroker(operation)
  }

  private func onBroker<Value: Sendable>(
    _ operation: (Connection) async throws(RabbitMQError) -> Value
  ) async throws(SpeechError) -> Value {
    guard let connection = connection.withLock({ $0 }) else {
      throw SpeechError(.modelUnavailable, "the broker is not connected yet; try again soon")
    }
    do throws(RabbitMQError) {
      return try await operation(connection)
    } catch {
      if error.replyCode == 312 { throw SpeechError(.invalidRequest, error.message) }
      throw SpeechError(.modelUnavailable, "the broker did not do it: \(error)")
    }
  }
}
