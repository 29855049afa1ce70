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

  private let configuration: AMQPConfiguration
  private let logger: Logger
  private let observe: @Sendable (AMQPEvent) -> Void
  private let admission: AdmissionControl
  private let publisher: Publisher
  private let consuming: RecoveringConnection
  private let presence: RequesterPresence
  private let running = RunningRequests()
  private let lifecycle = ConsumerLifecycle()
  /// The consumer of the synthesis queue is the last one.
  private let consumers: [QueueConsumer]
  private let sweeper: DeadLetterSweeper
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
    (self.configuration, self.logger, self.observe) = (configuration, logger, observe)
    self.admission = admission ?? configuration.makeAdmission()
    publisher = Publisher(
      configuration: configuration.connection(for: "publishing"), budget: configuration.publishBudget,
      backOff: configuration.backOff, logger: logger)
    consuming = RecoveringConnection(
      configuration: configuration.connection(for: "consuming", onlyReceives: true), backOff: configuration.backOff,
      logger: logger)
    presence = RequesterPresence(
      configuration.connection, cacheTime: configuration.requesterCacheTime, logger: logger)
    let lanes = RequestLanes(
      configuration: configuration, handler: handler, admission: self.admission, lifecycle: lifecycle,
      publisher: publisher, presence: presence, running: running, budgets: budgets, logger: logger, observe: observe)
    consumers = lanes.all.map { QueueConsumer($0, configuration, logger: logger, observe: observe) }
    sweeper = DeadLetterSweeper(configuration, sender: lanes.sender, logger: logger, observe: observe)
  }

  // MARK: State

  /// A snapshot for health checks and gauges.
  public var currentState: AMQPState {
    let counts = admission.counts
    let connection: AMQPState.Connection =
      switch (lifecycle.phase, consuming.status, publisher.status) {
      case (.stopped, _, _): .stopped
      case (.draining, _, _): .draining
      case (.running, .blocked, _), (.running, _, .blocked): .blocked
      case (.running, .open, .open): .connected
      case (.running, .stopped, _), (.running, _, .stopped): .stopped
      case (.running, _, _): .connecting
      }
    return AMQPState(
      connection: connection, runningCount: counts.running, waitingCount: counts.waiting,
      userCount: counts.users, largestUserShare: counts.largestShare,
      unconfirmedCount: publisher.unconfirmedCount,
      reconnectCount: consuming.reconnectCount + publisher.reconnectCount)
  }

  /// Changes the number of concurrent requests, and the prefetch with it.
  public func setSlots(_ slots: Int) async {
    var configuration = configuration
    configuration.slots = slots
    admission.resize(slots: slots, capacity: configuration.waitingCapacity)
    do throws(RabbitMQError) {
      try await consumers.last?.setPrefetch(configuration.prefetchCount)
    } catch {
      logger.warning("the new prefetch takes effect with the next connection", metadata: ["error": "\(error)"])
    }
  }

  // MARK: Running

  /// Runs until a graceful shutdown has drained the requests, or the task is cancelled.
  /// - Throws: ``AMQPAdapterError`` when the broker refuses the first login.
  public func run() async throws {
    defer {
      lifecycle.handle(.ended)
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
    running.stopAll(.shutdown)
    lifecycle.handle(.stopRequested)
  }

  private func withAllTasks() async throws(RabbitMQError) {
    let result = await withTaskGroup(of: Result<Void, RabbitMQError>.self) { group in
      group.addTask { await self.result { () async throws(RabbitMQError) in try await self.publisher.run() } }
      group.addTask { await self.result { () async throws(RabbitMQError) in try await self.consume() } }
      for task in [sweep, lifecycle.finished] {
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
    running.stopAll(.shutdown)
    await presence.close()
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
    let control = ControlListener(exchange: configuration.names.control, logger: logger) { [running] id, replyTo in
      running.cancel(correlationID: id, replyTo: replyTo)
    }
    try await consuming.run { [self] connection throws(RabbitMQError) in
      if consuming.reconnectCount > 0 { observe(.reconnected) }
      try await configuration.declareTopology(on: connection, logger)
      try await control.start(on: connection)
      for consumer in consumers { try await consumer.start(on: connection) }
      await sweeper.start(on: connection)
    }
  }

  /// Stops requests that are past their deadline or whose requester is gone.
  private func sweep() async {
    let tick = min(configuration.requesterCheckInterval, .milliseconds(50))
    while !Task.isCancelled {
      try? await Task.sleep(for: tick)
      for request in running.sweep(at: .now, presenceInterval: configuration.requesterCheckInterval) {
        guard let replyTo = request.replyTo else { continue }
        Task { [running, presence] in
          if await !presence.isPresent(replyTo) { running.stop(request.context.requestID, .skip(.requesterGone)) }
        }
      }
    }
  }

  // MARK: Stopping

  private func handle(_ event: ConsumerStateMachine.Event) async {
    for action in lifecycle.handle(event) {
      switch action {
      case .stopConsuming:
        logger.info("draining", metadata: ["running": "\(admission.counts.running)"])
        for consumer in consumers { await consumer.stop() }
        await handle(.consumingStopped)
      case .startTimer(let timer): start(timer)
      case .stopWork:
        logger.warning("the drain time is over; running requests return to their queue")
        running.stopAll(.shutdown)
      case .finish: break
      }
    }
  }

  private func start(_ timer: ConsumerStateMachine.Timer) {
    let time = timer == .drain ? configuration.drainTime : Self.settlementTime
    let task = Task {
      do { try await Task.sleep(for: time) } catch { return }
      await handle(.timeEnded(timer))
    }
    self.timer.withLock { $0 = task }
  }
}
