import Foundation
import Logging
import RabbitMQ
import ServiceLifecycle
import SpeechCore
import SpeechService
import Synchronization

/// The AMQP service: consumes requests from the queues, passes them to the handler, publishes replies and acknowledges.
///
/// Consuming and publishing use separate connections. A graceful shutdown drains the running requests. Cancelling the
/// task that runs ``run()``, or calling ``stopNow()``, stops immediately; the broker then redelivers the unsettled
/// requests.
public final class AMQPConsumerService: Service {
  /// The time to settle the remaining requests after the drain time has ended and they were stopped.
  private static let settlementTime = Duration.seconds(2)

  private let bus: BusContext
  private let synthesisConsumer: QueueConsumer
  private let suspects: SuspectConsumer
  /// The consumers of all queues, the synthesis queue included.
  private let consumers: [QueueConsumer]
  private let sweeper: DeadLetterSweeper
  private let operations: BusOperations
  private let timer = Mutex<Task<Void, Never>?>(nil)

  /// - Parameters:
  ///   - configuration: the settings of the connection, the queues and the limits.
  ///   - handler: executes the requests.
  ///   - admission: grants the slots; nil makes one for this service alone.
  ///   - budgets: the memory that requests may hold.
  ///   - observe: called with each event, for metrics. It is called from many tasks and must not block.
  public init(
    configuration: AMQPConfiguration, handler: any SpeechRequestHandler, admission: AdmissionControl? = nil,
    budgets: MemoryBudgets = MemoryBudgets(), logger: Logger,
    observe: @escaping @Sendable (AMQPEvent) -> Void = { _ in }
  ) {
    let bus = BusContext(
      configuration, handler: handler, admission: admission, budgets: budgets, logger: logger, observe: observe)
    let lanes = RequestLanes(bus: bus)
    self.bus = bus
    let synthesis = lanes.synthesis
    synthesisConsumer = QueueConsumer(synthesis, bus)
    suspects = SuspectConsumer(bus, requests: synthesisConsumer, lane: synthesis)
    consumers = lanes.others.map { QueueConsumer($0, bus) } + [synthesisConsumer]
    sweeper = DeadLetterSweeper(configuration, sender: bus.replies.sender, logger: logger, observe: observe)
    operations = BusOperations(configuration, publisher: bus.publisher)
  }

  // MARK: State

  /// The queues, for an operator.
  public var queues: any QueueOperations { operations }

  /// A snapshot for health checks and gauges.
  public var currentState: AMQPState {
    let counts = bus.admission.counts
    let connection: AMQPState.Connection =
      switch (bus.lifecycle.phase, bus.consuming.status, bus.publisher.status) {
      case (.stopped, _, _): .stopped
      case (.draining, _, _): .draining
      case (_, .blocked, _), (_, _, .blocked): .blocked
      case (_, .open, .open): .connected
      case (_, .stopped, _), (_, _, .stopped): .stopped
      default: .connecting
      }
    return AMQPState(
      connection: connection, runningCount: counts.running, waitingCount: counts.waiting,
      userCount: counts.users, largestUserShare: counts.largestShare,
      unconfirmedCount: bus.publisher.unconfirmedCount,
      reconnectCount: bus.consuming.reconnectCount + bus.publisher.reconnectCount)
  }

  /// Changes the number of concurrent requests, and the prefetch with it.
  public func setSlots(_ slots: Int) async {
    var configuration = bus.configuration
    configuration.slots = slots
    bus.admission.resize(slots: slots, capacity: configuration.waitingCapacity)
    do throws(RabbitMQError) {
      try await synthesisConsumer.setPrefetch(configuration.prefetchCount)
    } catch {
      bus.logger.warning("the new prefetch takes effect with the next connection", metadata: ["error": "\(error)"])
    }
  }

  // MARK: Running

  /// Runs until a graceful shutdown has drained the requests, or the task is cancelled.
  /// - Throws: ``AMQPAdapterError`` when the broker refuses the first login.
  public func run() async throws {
    defer {
      bus.lifecycle.handle(.ended)
      timer.withLock { $0?.cancel() }
    }
    try await withGracefulShutdownHandler {
      do throws(RabbitMQError) { try await withAllTasks() } catch { throw AMQPAdapterError(error) }
    } onGracefulShutdown: {
      Task { await self.handle(.drainRequested) }
    }
  }

  /// Stops without waiting for running requests; the broker redelivers them.
  public func stopNow() {
    // First the state: a drain publishes unfinished requests again, and the end of the connection would make that two
    // copies of one request.
    bus.lifecycle.handle(.stopRequested)
    bus.running.stopAll(.shutdown)
  }

  private func withAllTasks() async throws(RabbitMQError) {
    let result = await withTaskGroup(of: Result<Void, RabbitMQError>.self) { group in
      group.addTask { await self.result { () async throws(RabbitMQError) in try await self.bus.publisher.run() } }
      group.addTask { await self.result { () async throws(RabbitMQError) in try await self.consume() } }
      for task in [sweep, suspects.run, bus.lifecycle.finished] {
        group.addTask {
          await task()
          return .success(())
        }
      }
      // Each task runs until it is stopped, so the first one that ends stops the others.
      let first = await group.next() ?? .success(())
      group.cancelAll()
      await group.waitForAll()
      return first
    }
    bus.running.stopAll(.shutdown)
    await bus.presence.close()
    try result.get()
  }

  private func result(
    _ body: () async throws(RabbitMQError) -> Void
  ) async -> Result<Void, RabbitMQError> {
    do throws(RabbitMQError) {
      return .success(try await body())
    } catch {
      return .failure(error)
    }
  }

  private func consume() async throws(RabbitMQError) {
    let control = ControlListener(exchange: bus.configuration.names.control, logger: bus.logger) {
      [running = bus.running] id, replyTo in
      running.cancel(correlationID: id, replyTo: replyTo)
    }
    try await bus.consuming.run { [self] connection throws(RabbitMQError) in
      if bus.consuming.reconnectCount > 0 { bus.observe(.reconnected) }
      try await bus.configuration.declareTopology(on: connection, bus.logger)
      try await control.start(on: connection)
      await suspects.start(on: connection)
      for consumer in consumers { try await consumer.start(on: connection) }
      await sweeper.start(on: connection)
      operations.start(on: connection)
    }
  }

  /// Stops requests that are past their deadline or whose requester is gone.
  private func sweep() async {
    let tick = min(bus.configuration.requesterCheckInterval, .milliseconds(50))
    while !Task.isCancelled {
      try? await Task.sleep(for: tick)
      for request in bus.running.sweep(at: .now, presenceInterval: bus.configuration.requesterCheckInterval) {
        guard let replyTo = request.replyTo else { continue }
        Task { [bus] in
          guard await !bus.presence.isPresent(replyTo) else { return }
          bus.running.stop(request.context.requestID, .skip(.requesterGone))
        }
      }
    }
  }

  // MARK: Stopping

  private func handle(_ event: ConsumerStateMachine.Event) async {
    for action in bus.lifecycle.handle(event) {
      switch action {
      case .stopConsuming:
        bus.logger.info(
          "draining", metadata: ["event": "draining", "running": .stringConvertible(bus.admission.counts.running)])
        for consumer in consumers { await consumer.stop() }
        await handle(.consumingStopped)
      case .startTimer(let timer): start(timer)
      case .stopWork:
        bus.logger.warning("the drain time is over; running requests return to their queue")
        bus.running.stopAll(.shutdown)
      case .pauseConsuming, .runSuspects, .resumeConsuming, .finish: break
      }
    }
  }

  private func start(_ timer: ConsumerStateMachine.Timer) {
    let time = timer == .drain ? bus.configuration.drainTime : Self.settlementTime
    let task = Task {
      do { try await Task.sleep(for: time) } catch { return }
      await handle(.timeEnded(timer))
    }
    self.timer.withLock { $0 = task }
  }
}
