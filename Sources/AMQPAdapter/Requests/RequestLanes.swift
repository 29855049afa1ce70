import Logging
import RabbitMQ
import SpeechCore
import SpeechService

/// The lanes of all queues. They share the connections, the lifecycle and the budgets; only synthesis requests share the
/// slots.
struct RequestLanes {
  let bus: BusContext

  /// The lane of the synthesis queue.
  var synthesis: RequestLane {
    let processor = RequestProcessor(bus: bus)
    let (maximumBytes, budget) = (bus.configuration.maxRequestBytes, bus.budgets.bodies)
    return RequestLane(
      queue: bus.configuration.names.synthesize, prefetch: bus.configuration.prefetchCount, admission: bus.admission,
      lifecycle: bus.lifecycle, budgets: bus.budgets, running: bus.running,
      decode: { $0.decode(maximumBytes: maximumBytes, budget: budget) },
      postpone: { await processor.postpone($0) }, divert: { await processor.divert($0, $1) },
      giveBack: { await processor.giveBack($0) }, work: { await processor.work(on: $0, $1) })
  }

  /// The lanes of the other queues.
  var others: [RequestLane] {
    let names = bus.configuration.names
    let refused = RefusedReplyProcessor(replies: bus.replies, logger: bus.logger)
    let dead = DeadLetterProcessor(bus: bus)
    return AdministrationProcessor.Operation.allCases.map { operation in
      let processor = AdministrationProcessor(operation: operation, bus: bus)
      return small(operation.queue(names), prefetch: 4) { await processor.process($0) }
    } + [
      small(names.refusedReplies, prefetch: 8) { await refused.process($0) },
      small(names.deadIncoming, prefetch: 4) { await dead.process($0) },
    ]
  }

  /// A lane with four slots, which are held until the settlement.
  private func small(
    _ queue: String, prefetch: UInt16, _ process: @escaping @Sendable (SpeechRequest) async -> Settlement
  ) -> RequestLane {
    RequestLane(
      queue: queue, prefetch: prefetch, admission: AdmissionControl(slots: 4), lifecycle: bus.lifecycle,
      budgets: bus.budgets
    ) { request, _ in
      let settlement = await process(request)
      return { settlement }
    }
  }
}

extension QueueConsumer {
  /// The consumer of a lane. It declares the queues again when one is missing.
  init(_ lane: RequestLane, _ bus: BusContext) {
    let (configuration, logger) = (bus.configuration, bus.logger)
    let isRequest = ![configuration.names.refusedReplies, configuration.names.deadIncoming].contains(lane.queue)
    self.init(
      queue: lane.queue, prefetch: lane.prefetch, backOff: configuration.backOff, logger: logger,
      declare: { connection throws(RabbitMQError) in try await configuration.declareTopology(on: connection, logger) },
      onDelivery: { delivery, channel in
        if isRequest { bus.observe(.received(redelivered: delivery.redelivered)) }
        lane.receive(delivery, on: channel)
      },
      onLoss: { lane.lose($0) }, onStop: { lane.withdraw(from: $0) })
  }
}
