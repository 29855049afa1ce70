import Logging
import RabbitMQ

/// The state of each queue and exchange of a plan.
public struct TopologyReport: Sendable, Equatable, Encodable {
  /// The state of a queue or an exchange on the broker.
  public enum State: String, Sendable, Encodable {
    /// It exists as planned; it was created now or before.
    case declared
    /// It exists with other properties and is used as it is.
    case different
    case missing
  }

  /// One queue or exchange.
  public struct Entry: Sendable, Equatable, Encodable {
    /// The name on the broker.
    public var name: String
    /// The comparison with the plan.
    public var state: State
    /// Messages that are ready; nil for an exchange and for a queue that is missing.
    public var messages: Int?
    /// Consumers of the queue; nil for an exchange and for a queue that is missing.
    public var consumers: Int?
  }

  /// The queues of the plan, in its order.
  public var queues: [Entry] = []
  /// The exchanges of the plan, in its order.
  public var exchanges: [Entry] = []
  var plan: TopologyPlan

  /// The names of queues and exchanges that exist with other properties.
  var differing: [String] { (queues + exchanges).filter { $0.state == .different }.map(\.name) }
}

extension TopologyPlan {
  /// Creates missing queues, exchanges and bindings. A queue or exchange that exists with other properties is kept and
  /// reported.
  /// - Throws: when the connection is lost, or the broker refuses for another reason.
  public func declare(on connection: Connection) async throws(RabbitMQError) -> TopologyReport {
    let plan = suited(to: connection.broker)
    var report = TopologyReport(plan: plan)
    var channel = try await connection.openChannel()
    for exchange in exchanges {
      do throws(RabbitMQError) {
        try await channel.declare(exchange)
        report.exchanges.append(TopologyReport.Entry(name: exchange.name, state: .declared))
      } catch {
        guard error.isPreconditionFailed else { throw error }
        channel = try await connection.openChannel()
        report.exchanges.append(TopologyReport.Entry(name: exchange.name, state: .different))
      }
    }
    for queue in plan.queues {
      var state = TopologyReport.State.declared
      let found: QueueState
      do throws(RabbitMQError) {
        found = try await channel.declare(queue)
      } catch {
        guard error.isPreconditionFailed else { throw error }
        channel = try await connection.openChannel()
        found = try await channel.inspect(queue: queue.name)
        state = .different
      }
      report.queues.append(
        TopologyReport.Entry(
          name: queue.name, state: state, messages: found.messageCount, consumers: found.consumerCount))
    }
    for binding in bindings {
      try await channel.bind(queue: binding.queue, exchange: binding.exchange, routingKey: binding.routingKey)
    }
    await channel.close()
    return report
  }

  /// Reports the state without creating anything. Properties are not compared: every queue that exists is `declared`.
  public func inspect(on connection: Connection) async throws(RabbitMQError) -> TopologyReport {
    var report = TopologyReport(plan: self)
    for exchange in exchanges {
      let exists: Void? = try await Self.exists(on: connection) { channel throws(RabbitMQError) in
        try await channel.inspect(exchange: exchange)
      }
      report.exchanges.append(TopologyReport.Entry(name: exchange.name, state: exists == nil ? .missing : .declared))
    }
    for queue in queues {
      let found = try await Self.exists(on: connection) { channel throws(RabbitMQError) in
        try await channel.inspect(queue: queue.name)
      }
      report.queues.append(
        TopologyReport.Entry(
          name: queue.name, state: found == nil ? .missing : .declared, messages: found?.messageCount,
          consumers: found?.consumerCount))
    }
    return report
  }

  private static func exists<Found>(
    on connection: Connection, _ look: (Channel) async throws(RabbitMQError) -> Found
  ) async throws(RabbitMQError) -> Found? {
    do throws(RabbitMQError) {
      return try await connection.withChannel { channel throws(RabbitMQError) in try await look(channel) }
    } catch {
      guard error.isNotFound else { throw error }
      return nil
    }
  }
}

extension AMQPConfiguration {
  /// Declares all queues and exchanges, and warns about those that exist with other properties.
  func declareTopology(on connection: Connection, _ logger: Logger) async throws(RabbitMQError) {
    let report = try await TopologyPlan(self).declare(on: connection)
    guard !report.differing.isEmpty else { return }
    logger.warning(
      "queues exist with other properties and are used as they are; docs/upgrade.md says how to replace them",
      metadata: ["queues": "\(report.differing.joined(separator: ", "))"])
  }
}
