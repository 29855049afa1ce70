import Logging
import SpeechCore
import Synchronization

/// Keeps a connection open: it connects and runs the set-up, and after a loss it waits and connects again.
public final class RecoveringConnection: Sendable {
  /// Work on a new connection before it is used.
  public typealias SetUp = @Sendable (Connection) async throws(RabbitMQError) -> Void

  /// The state of the connection; `blocked` means that the broker accepts no messages for now.
  public enum Status: Sendable, Equatable {
    case connecting, open, blocked, stopped
  }

  private struct State {
    var status = Status.connecting
    var reconnects = 0
    /// The reasons of failed attempts since the last connection. Each reason is logged once, however many attempts
    /// fail.
    var toldReasons: Set<String> = []
  }

  private let configuration: ConnectionConfiguration
  private let backOff: RetryBackoff
  private let logger: Logger
  private let random: @Sendable () -> Double
  private let state = Mutex(State())

  /// - Parameter random: numbers in 0..<1, for the jitter of the back-off.
  public init(
    configuration: ConnectionConfiguration, backOff: RetryBackoff = .broker, logger: Logger,
    random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
  ) {
    self.configuration = configuration
    self.backOff = backOff
    self.logger = logger
    self.random = random
  }

  /// The current state.
  public var status: Status { state.withLock(\.status) }
  /// Connections opened after the first.
  public var reconnectCount: Int { state.withLock { max(0, $0.reconnects) } }

  /// Runs until the task is cancelled, then closes the connection.
  /// - Parameters:
  ///   - setUp: declares queues and starts consumers on a new connection. An error ends that connection, like a loss.
  ///   - lost: called after the loss of a connection, and after a failed set-up.
  /// - Throws: when the broker refuses the first login, or the configuration is invalid.
  public func run(
    setUp: SetUp, lost: (RabbitMQError) -> Void = { _ in }
  ) async throws(RabbitMQError) {
    var machine = RecoveryStateMachine(endpointCount: configuration.endpoints.count, backOff: backOff)
    var action = machine.start()
    defer { state.withLock { $0.status = .stopped } }
    while true {
      if Task.isCancelled { action = machine.stop() }
      switch action {
      case .connect(let endpoint):
        action = await connect(to: configuration.endpoints[endpoint], &machine, setUp, lost)
      case .wait(let delay):
        logger.debug("connecting again after a pause", metadata: ["delay": "\(delay)"])
        try? await Task.sleep(for: delay)
        action = machine.waited()
      case .finish(let error):
        if let error { throw error }
        return
      case .none: return
      }
    }
  }

  private func connect(
    to endpoint: BrokerEndpoint, _ machine: inout RecoveryStateMachine, _ setUp: SetUp, _ lost: (RabbitMQError) -> Void
  ) async -> RecoveryStateMachine.Action {
    state.withLock { $0.status = .connecting }
    let (events, sink) = AsyncStream<ConnectionEvent>.makeStream()
    let connection: Connection
    do throws(RabbitMQError) {
      connection = try await Connection.open(configuration, endpoint: endpoint) { sink.yield($0) }
    } catch {
      logger.log(
        level: isNews("\(error)") ? .warning : .debug, "can't connect to the broker",
        metadata: ["endpoint": "\(endpoint)", "error": "\(error)"])
      return machine.failed(error, random: random())
    }
    _ = machine.connected()
    let opened = ContinuousClock.now
    let loss = await serve(connection, events, setUp)
    lost(loss)
    if Task.isCancelled { return machine.stop() }
    logger.log(
      level: isNews("\(loss)") ? .warning : .debug, "the connection to the broker is lost",
      metadata: ["endpoint": "\(endpoint)", "error": "\(loss)"])
    state.withLock { $0.reconnects += 1 }
    return machine.lost(after: .now - opened, random: random())
  }

  /// Uses an open connection until it ends. A failed set-up and a cancelled task end it too.
  private func serve(
    _ connection: Connection, _ events: AsyncStream<ConnectionEvent>, _ setUp: SetUp
  ) async -> RabbitMQError {
    do throws(RabbitMQError) {
      try await setUp(connection)
    } catch {
      await connection.close()
      return error
    }
    logger.info(
      "connected to the broker",
      metadata: [
        "connection": "\(configuration.connectionName)",
        "endpoint": "\(connection.endpoint)",
      ])
    state.withLock { $0.toldReasons = [] }
    state.withLock { $0.status = .open }
    for await event in events {
      switch event {
      case .blocked(let reason):
        logger.warning("the broker blocks publishing", metadata: ["reason": "\(reason)"])
        state.withLock { $0.status = .blocked }
      case .unblocked:
        logger.info("the broker takes messages again")
        state.withLock { $0.status = .open }
      case .closed(let error): return error
      }
    }
    // The stream ends early only when the task was cancelled.
    await connection.close()
    return RabbitMQError(.closed, "stopped")
  }

  private func isNews(_ reason: String) -> Bool {
    state.withLock { $0.toldReasons.insert(reason).inserted }
  }
}
