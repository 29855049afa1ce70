import Foundation
import Logging
import RabbitMQ
import ServiceLifecycle
import SpeechCore
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
  private let publisher: Publisher
  private let consuming: RecoveringConnection
  private let presence: RequesterPresence
  private let running = RunningRequests()
  private let scheduler: RequestScheduler
  private let synthesisConsumer: QueueConsumer
  /// The consumers of the short requests (voices, configuration) and of refused replies.
  private let otherConsumers: [QueueConsumer]
  private let otherSchedulers: [RequestScheduler]
  private let sweeper: DeadLetterSweeper
  private let state = Mutex(State())

  private struct State {
    var isDraining = false
    var isStopped = false
    var runTask: Task<Void, any Error>?
  }

  /// - Parameters:
  ///   - configuration: the settings of the connection, the queues and the limits.
  ///   - handler: executes the requests.
  ///   - observe: called with each event, for metrics. It is called from many tasks and must not block.
  public init(
    configuration: AMQPConfiguration, handler: any SpeechRequestHandler, budgets: MemoryBudgets = MemoryBudgets(),
    logger: Logger,
    observe: @escaping @Sendable (AMQPEvent) -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.logger = logger
    self.observe = observe
    var connection = configuration.connection
    connection.maxBodyBytes = configuration.maxRequestBytes
    connection.connectionName = "speechbus publishing"
    publisher = Publisher(
      configuration: connection, budget: configuration.publishBudget, backOff: configuration.backOff, logger: logger)
    connection.connectionName = "speechbus consuming"
    connection.onlyReceives = true
    consuming = RecoveringConnection(configuration: connection, backOff: configuration.backOff, logger: logger)
    presence = RequesterPresence(
      configuration.connection, cacheTime: configuration.requesterCacheTime, logger: logger)
    let sender = ReplySender(
      publisher: publisher, topology: TopologyPlan(configuration), names: configuration.names,
      maxMessageBytes: configuration.maxReplyMessageBytes)
    sweeper = DeadLetterSweeper(configuration, sender: sender, logger: logger, observe: observe)
    let replies = ReplyDelivery(
      sender: sender, policy: RefusedReplyPolicy(delay: configuration.replyRetryDelay), observe: observe)
    let processor = RequestProcessor(
      configuration: configuration, handler: handler, replies: replies, presence: presence, running: running,
      budgets: budgets, times: SpeechTimes(), logger: logger, observe: observe)
    let scheduler = RequestScheduler(
      slots: configuration.slots,
      line: FairLine(limits: configuration.userLimits, capacity: configuration.lineCapacity),
      postpone: { await processor.postpone($0) }, work: { await processor.work(on: $0) })
    self.scheduler = scheduler

    let declare: @Sendable (Connection) async throws(RabbitMQError) -> Void = {
      connection throws(RabbitMQError) in
      try await Self.declareTopology(configuration, on: connection, logger)
    }
    func consumer(_ queue: String, prefetch: UInt16, _ scheduler: RequestScheduler) -> QueueConsumer {
      QueueConsumer(
        queue: queue, prefetch: prefetch, backOff: configuration.backOff, logger: logger, declare: declare,
        onDelivery: { delivery, channel in
          if ![configuration.names.refusedReplies, configuration.names.deadIncoming].contains(queue) {
            observe(.received(redelivered: delivery.redelivered))
          }
          let envelope = RequestEnvelope(delivery, queue: queue, receivedAt: Date())
          var request = FetchedRequest(
            envelope: envelope, delivery: delivery, channel: channel, memory: budgets.bodies.reservation())
          if queue == configuration.names.synthesize {
            request.userID = UserScan.userID(in: delivery.message.body)
            request.takeMemory()
          }
          scheduler.add(request)
        },
        onLoss: { scheduler.drop(channel: $0) })
    }
    synthesisConsumer = consumer(configuration.names.synthesize, prefetch: configuration.prefetchCount, scheduler)
    let administration = AdministrationProcessor.Operation.allCases.map { operation in
      let processor = AdministrationProcessor(
        operation: operation, handler: handler, replies: replies, bodies: budgets.bodies,
        maxRequestBytes: configuration.maxRequestBytes,
        logger: logger, observe: observe)
      let scheduler = RequestScheduler(slots: 4) { request in
        let settlement = await processor.process(request)
        return { settlement }
      }
      return (scheduler, consumer(operation.queue(configuration.names), prefetch: 4, scheduler))
    }
    let refusedReplies = RefusedReplyProcessor(replies: replies, logger: logger)
    let refusedScheduler = RequestScheduler(slots: 4) { request in
      let settlement = await refusedReplies.process(request)
      return { settlement }
    }
    let deadLetters = DeadLetterProcessor(
      configuration: configuration, handler: handler, replies: replies, logger: logger, observe: observe)
    let deadScheduler = RequestScheduler(slots: 4) { request in
      let settlement = await deadLetters.process(request)
      return { settlement }
    }
    otherSchedulers = administration.map(\.0) + [refusedScheduler, deadScheduler]
    otherConsumers =
      administration.map(\.1) + [
        consumer(configuration.names.refusedReplies, prefetch: 8, refusedScheduler),
        consumer(configuration.names.deadIncoming, prefetch: 4, deadScheduler),
      ]
  }

  // MARK: State

  /// A snapshot for health checks and gauges.
  public var currentState: AMQPState {
    let (isDraining, isStopped) = state.withLock { ($0.isDraining, $0.isStopped) }
    let counts = scheduler.counts
    let connection: AMQPState.Connection =
      if isStopped { .stopped } else if isDraining { .draining } else {
        switch (consuming.status, publisher.status) {
        case (.blocked, _), (_, .blocked): .blocked
        case (.open, .open): .connected
        case (.stopped, _), (_, .stopped): .stopped
        default: .connecting
        }
      }
    return AMQPState(
      connection: connection, runningCount: counts.running, waitingCount: counts.waiting,
      userCount: counts.users, largestUserShare: counts.largestShare,
      unconfirmedCount: publisher.unconfirmedCount,
      reconnectCount: consuming.reconnectCount + publisher.reconnectCount)
  }

  /// Changes the number of concurrent requests, and the prefetch with it.
  public func setSlots(_ slots: Int) async {
    scheduler.setSlots(slots)
    var configuration = configuration
    configuration.slots = slots
    do throws(RabbitMQError) {
      try await synthesisConsumer.setPrefetch(configuration.prefetchCount)
    } catch {
      logger.warning("the new prefetch takes effect with the next connection", metadata: ["error": "\(error)"])
    }
  }

  // MARK: Running

  /// Runs until a graceful shutdown has drained the requests, or the task is cancelled.
  /// - Throws: ``AMQPAdapterError`` when the broker refuses the first login.
  public func run() async throws {
    let task = Task { try await self.serve() }
    state.withLock { $0.runTask = task }
    defer { state.withLock { $0.isStopped = true } }
    try await withTaskCancellationHandler {
      try await withGracefulShutdownHandler {
        try await task.value
      } onGracefulShutdown: {
        Task { await self.drain() }
      }
    } onCancel: {
      task.cancel()
    }
  }

  /// Stops without waiting for running requests; the broker redelivers them.
  public func stopNow() {
    running.stopAll(.shutdown)
    state.withLock(\.runTask)?.cancel()
  }

  private func serve() async throws {
    do throws(RabbitMQError) {
      try await withAllTasks()
    } catch {
      throw AMQPAdapterError(error)
    }
  }

  private func withAllTasks() async throws(RabbitMQError) {
    let result = await withTaskGroup(of: Result<Void, RabbitMQError>.self) { group in
      group.addTask { await self.result { () async throws(RabbitMQError) in try await self.publish() } }
      group.addTask { await self.result { () async throws(RabbitMQError) in try await self.consume() } }
      group.addTask {
        await self.sweep()
        return .success(())
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

  private func publish() async throws(RabbitMQError) {
    try await publisher.run()
  }

  private func consume() async throws(RabbitMQError) {
    let control = ControlListener(exchange: configuration.names.control, logger: logger) { [running] id in
      running.cancel(correlationID: id, now: Date())
    }
    try await consuming.run(
      RecoveringConnection.Callbacks(
        setUp: { [self] connection throws(RabbitMQError) in
          if consuming.reconnectCount > 0 { observe(.reconnected) }
          try await Self.declareTopology(configuration, on: connection, logger)
          try await control.start(on: connection)
          for consumer in otherConsumers + [synthesisConsumer] { try await consumer.start(on: connection) }
          await sweeper.start(on: connection)
        }))
  }

  private static func declareTopology(
    _ configuration: AMQPConfiguration, on connection: Connection, _ logger: Logger
  ) async throws(RabbitMQError) {
    let report = try await TopologyPlan(configuration).declare(on: connection)
    guard !report.differing.isEmpty else { return }
    logger.warning(
      "queues exist with other properties and are used as they are; docs/upgrade.md says how to replace them",
      metadata: ["queues": "\(report.differing.joined(separator: ", "))"])
  }

  /// Stops requests that are past their deadline or whose requester is gone.
  private func sweep() async {
    let tick = min(configuration.requesterCheckInterval, .milliseconds(50))
    while !Task.isCancelled {
      try? await Task.sleep(for: tick)
      for envelope in running.sweep(at: .now, presenceInterval: configuration.requesterCheckInterval) {
        guard let replyTo = envelope.replyTo else { continue }
        Task { [running, presence] in
          if await !presence.isPresent(replyTo) { running.stop(envelope.requestID, .skip(.requesterGone)) }
        }
      }
    }
  }

  // MARK: Stopping

  /// Stops consuming, requeues the requests that have not started, and lets running ones finish within the drain time.
  private func drain() async {
    let isFirst = state.withLock { state in
      defer { state.isDraining = true }
      return !state.isDraining
    }
    guard isFirst else { return }
    logger.info("draining", metadata: ["running": "\(scheduler.counts.running)"])
    for consumer in otherConsumers + [synthesisConsumer] { await consumer.stop() }
    for scheduler in otherSchedulers + [scheduler] { scheduler.stop() }
    let limit = Task { [running, configuration, logger] in
      try await Task.sleep(for: configuration.drainTime)
      logger.warning("the drain time is over; running requests return to their queue")
      running.stopAll(.shutdown)
      // Replies that can't be published, because the broker is unreachable or blocked, must not delay the stop further.
      try await Task.sleep(for: Self.settlementTime)
      self.state.withLock(\.runTask)?.cancel()
    }
    for scheduler in otherSchedulers + [scheduler] { await scheduler.waitUntilIdle() }
    limit.cancel()
    logger.info("drained")
    state.withLock(\.runTask)?.cancel()
  }
}

extension AMQPConfiguration {
  var prefetchCount: UInt16 {
    let ahead = userLimits.isOff ? lookahead : max(lookahead, 4 * userLimits.waiting) + passing
    return Self.prefetch(slots: slots, lookahead: ahead, fixed: prefetch)
  }
}
