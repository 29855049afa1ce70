import Logging
import RabbitMQ
import SpeechCore
import SpeechService

/// The parts of the AMQP service that its lanes and the work on their requests share.
struct BusContext: Sendable {
  let configuration: AMQPConfiguration
  let handler: any SpeechRequestHandler
  /// Grants the slots of the synthesis requests.
  let admission: AdmissionControl
  let budgets: MemoryBudgets
  let consuming: RecoveringConnection
  let publisher: Publisher
  let replies: ReplyDelivery
  let presence: RequesterPresence
  let running = RunningRequests()
  let lifecycle = ConsumerLifecycle()
  let times = SpeechTimes()
  /// The elements of ``suspectSignal``. At each of them, the worker looks for suspects.
  let suspectSignals: AsyncStream<Void>
  let suspectSignal: AsyncStream<Void>.Continuation
  let logger: Logger
  let observe: @Sendable (AMQPEvent) -> Void

  init(
    _ configuration: AMQPConfiguration, handler: any SpeechRequestHandler, admission: AdmissionControl?,
    budgets: MemoryBudgets, logger: Logger, observe: @escaping @Sendable (AMQPEvent) -> Void
  ) {
    self.configuration = configuration
    self.handler = handler
    self.admission = admission ?? configuration.makeAdmission(budgets)
    self.budgets = budgets
    consuming = RecoveringConnection(
      configuration: configuration.connection(for: "consuming", onlyReceives: true), backOff: configuration.backOff,
      logger: logger)
    publisher = Publisher(
      configuration: configuration.connection(for: "publishing"), budget: configuration.publishBudget,
      backOff: configuration.backOff, logger: logger)
    let sender = ReplySender(
      publisher: publisher, topology: TopologyPlan(configuration), names: configuration.names,
      maxMessageBytes: configuration.maxReplyMessageBytes)
    replies = ReplyDelivery(
      sender: sender, policy: RefusedReplyPolicy(delay: configuration.replyRetryDelay), observe: observe)
    presence = RequesterPresence(
      configuration.connection, cacheTime: configuration.requesterCacheTime, logger: logger)
    (suspectSignals, suspectSignal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    self.logger = logger
    self.observe = observe
  }
}
