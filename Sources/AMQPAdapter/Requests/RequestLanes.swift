import Logging
import RabbitMQ
import SpeechCore
import SpeechService

/// The lanes of all queues. They share the connections, the lifecycle and the budgets; only synthesis requests share the
/// slots.
struct RequestLanes {
  let configuration: AMQPConfiguration
  let handler: any SpeechRequestHandler
  let admission: AdmissionControl
  let lifecycle: ConsumerLifecycle
  let publisher: Publisher
  let presence: RequesterPresence
  let running: RunningRequests
  let budgets: MemoryBudgets
  let logger: Logger
  let observe: @Sendable (AMQPEvent) -> Void

  /// The lane of the synthesis queue is the last one.
  var all: [RequestLane] {
    AdministrationProcessor.Operation.allCases.map(administration) + [refusedReplies, deadLetters, synthesis]
  }

  var sender: ReplySender {
    ReplySender(
      publisher: publisher, topology: TopologyPlan(configuration), names: configuration.names,
      maxMessageBytes: configuration.maxReplyMessageBytes)
  }

  private var replies: ReplyDelivery {
    ReplyDelivery(
      sender: sender, policy: RefusedReplyPolicy(delay: configuration.replyRetryDelay), observe: observe)
  }

  private var synthesis: RequestLane {
    let processor = RequestProcessor(
      configuration: configuration, handler: handler, admission: admission, replies: replies, presence: presence,
      running: running, budgets: budgets, times: SpeechTimes(), logger: logger, observe: observe)
    let (maximumBytes, budget) = (configuration.maxRequestBytes, budgets.bodies)
    return RequestLane(
      queue: configuration.names.synthesize, prefetch: configuration.prefetchCount, admission: admission,
      lifecycle: lifecycle, bodies: budget, running: running,
      decode: { $0.decode(maximumBytes: maximumBytes, budget: budget) },
      postpone: { await processor.postpone($0) }, work: { await processor.work(on: $0) })
  }

  private func administration(_ operation: AdministrationProcessor.Operation) -> RequestLane {
    let processor = AdministrationProcessor(
      operation: operation, handler: handler, replies: replies, bodies: budgets.bodies,
      maxRequestBytes: configuration.maxRequestBytes, logger: logger, observe: observe)
    return small(operation.queue(configuration.names), prefetch: 4) { await processor.process($0) }
  }

  private var refusedReplies: RequestLane {
    let processor = RefusedReplyProcessor(replies: replies, logger: logger)
    return small(configuration.names.refusedReplies, prefetch: 8) { await processor.process($0) }
  }

  private var deadLetters: RequestLane {
    let processor = DeadLetterProcessor(
      configuration: configuration, handler: handler, replies: replies, logger: logger, observe: observe)
    return small(configuration.names.deadIncoming, prefetch: 4) { await processor.process($0) }
  }

  /// A lane with four slots, which are held until the settlement.
  private func small(
    _ queue: String, prefetch: UInt16, _ process: @escaping @Sendable (SpeechRequest) async -> Settlement
  ) -> RequestLane {
    RequestLane(
      queue: queue, prefetch: prefetch, admission: AdmissionControl(slots: 4), lifecycle: lifecycle,
      bodies: budgets.bodies
    ) { request in
      let settlement = await process(request)
      return { settlement }
    }
  }
}

extension QueueConsumer {
  /// The consumer of a lane. It declares the queues again when one is missing.
  init(
    _ lane: RequestLane, _ configuration: AMQPConfiguration, logger: Logger,
    observe: @escaping @Sendable (AMQPEvent) -> Void
  ) {
    let isRequest = ![configuration.names.refusedReplies, configuration.names.deadIncoming].contains(lane.queue)
    self.init(
      queue: lane.queue, prefetch: lane.prefetch, backOff: configuration.backOff, logger: logger,
      declare: { connection throws(RabbitMQError) in try await configuration.declareTopology(on: connection, logger) },
      onDelivery: { delivery, channel in
        if isRequest { observe(.received(redelivered: delivery.redelivered)) }
        lane.receive(delivery, on: channel)
      },
      onLoss: { lane.withdraw(from: $0) })
  }
}
