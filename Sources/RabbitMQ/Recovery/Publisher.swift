import Logging
import SpeechCore
import Synchronization

/// The limit and the pauses of a publish's attempts.
public struct PublishBudget: Sendable, Equatable {
  var attempts: Int
  var backOff: RetryBackoff

  public init(
    attempts: Int = 8, backOff: RetryBackoff = RetryBackoff(initial: .milliseconds(100), maximum: .seconds(5))
  ) {
    self.attempts = attempts
    self.backOff = backOff
  }

  /// The pause before the next attempt; nil when no attempt is left or the error is permanent.
  /// - Parameters:
  ///   - attempt: the number of the failed attempt, from 1.
  ///   - random: in 0..<1, for the jitter of the back-off.
  func pause(after error: RabbitMQError, attempt: Int, random: Double) -> Duration? {
    guard attempt < attempts else { return nil }
    switch error.code {
    case .notAcknowledged, .timedOut, .overloaded, .connectionLost, .closed, .channelClosed:
      return backOff.delay(attempt: attempt - 1, jitter: random)
    case .invalidConfiguration, .connectFailed, .accessRefused, .unencodable: return nil
    }
  }
}

/// Publishes with confirms over its own recovering connection. A message with an unknown outcome is sent again, so that
/// each message arrives at least once.
public final class Publisher: Sendable {
  private let connection: RecoveringConnection
  private let channels = ChannelSource()
  private let openConnection = Mutex<Connection?>(nil)
  private let budget: PublishBudget
  private let logger: Logger
  private let unconfirmed = Mutex(0)

  /// - Parameter backOff: the pauses between attempts to connect.
  public init(
    configuration: ConnectionConfiguration, budget: PublishBudget = PublishBudget(), backOff: RetryBackoff = .broker,
    logger: Logger
  ) {
    connection = RecoveringConnection(configuration: configuration, backOff: backOff, logger: logger)
    self.budget = budget
    self.logger = logger
  }

  /// The state of the publisher's connection.
  public var status: RecoveringConnection.Status { connection.status }
  /// The number of connections opened after the first.
  public var reconnectCount: Int { connection.reconnectCount }
  /// The number of messages that wait for a connection or for their confirm.
  public var unconfirmedCount: Int { unconfirmed.withLock { $0 } }

  /// Keeps the connection open. When the task is cancelled, the connection sends the waiting messages and closes, and
  /// the method returns.
  /// - Parameter setUp: runs on each new connection before the first message is published on it.
  /// - Throws: when the broker refuses the first login.
  public func run(
    setUp: @escaping RecoveringConnection.SetUp = { _ in }
  ) async throws(RabbitMQError) {
    defer { channels.finish() }
    try await connection.run { [self] connection throws(RabbitMQError) in
      try await setUp(connection)
      openConnection.withLock { $0 = connection }
      channels.set(try await Self.openChannel(connection))
    } lost: { _ in
      openConnection.withLock { $0 = nil }
      channels.clear()
    }
  }

  private static func openChannel(_ connection: Connection) async throws(RabbitMQError) -> Channel {
    let channel = try await connection.openChannel()
    try await channel.selectConfirms()
    return channel
  }

  /// Publishes and waits for the confirm. Without a connection, it waits for the next one.
  /// - Parameter refusalLimit: the largest number of attempts that the broker refuses (`notAcknowledged`); nil: the
  ///   budget's.
  /// - Throws: the last error when no attempt is left; `closed` when the task is cancelled or ``run(setUp:)`` has
  ///   ended.
  @discardableResult
  public func publish(
    _ message: Message, exchange: String = "", routingKey: String, mandatory: Bool = false, refusalLimit: Int? = nil
  ) async throws(RabbitMQError) -> PublishOutcome {
    unconfirmed.withLock { $0 += 1 }
    defer { unconfirmed.withLock { $0 -= 1 } }
    var attempt = 1
    while true {
      guard let channel = await channels.current() else {
        throw RabbitMQError(.closed, "publishing has ended")
      }
      do throws(RabbitMQError) {
        return try await channel.publish(message, exchange: exchange, routingKey: routingKey, mandatory: mandatory)
      } catch {
        await replace(channel, after: error)
        if error.code == .notAcknowledged, let refusalLimit, attempt >= refusalLimit { throw error }
        guard let pause = budget.pause(after: error, attempt: attempt, random: .random(in: 0..<1)) else { throw error }
        logger.warning(
          "publishing again", metadata: ["error": "\(error)", "attempt": "\(attempt)", "routing_key": "\(routingKey)"])
        try? await Task.sleep(for: pause)
        attempt += 1
      }
    }
  }

  /// Runs an operation on the present connection, for example to declare a queue that is missing.
  /// - Throws: `connectionLost` when there is no connection, or the error of the operation.
  public func withConnection<Value: Sendable>(
    _ operation: (Connection) async throws(RabbitMQError) -> Value
  ) async throws(RabbitMQError) -> Value {
    guard let connection = openConnection.withLock({ $0 }) else {
      throw RabbitMQError(.connectionLost, "there is no connection to the broker")
    }
    return try await operation(connection)
  }

  /// Opens a new channel in place of one that the broker closed.
  private func replace(_ channel: Channel, after error: RabbitMQError) async {
    guard error.code == .channelClosed || error.code == .closed, channels.clear(channel),
      let connection = openConnection.withLock({ $0 })
    else { return }
    do throws(RabbitMQError) {
      channels.set(try await Self.openChannel(connection))
    } catch {
      logger.warning("can't open a channel; connecting again", metadata: ["error": "\(error)"])
      await connection.close()
    }
  }
}
