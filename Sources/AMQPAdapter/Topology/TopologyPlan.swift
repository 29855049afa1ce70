import RabbitMQ

/// The queues, exchanges and bindings that the service requires.
public struct TopologyPlan: Sendable, Equatable, Encodable {
  /// A queue that gets the messages of an exchange.
  public struct Binding: Sendable, Equatable, Encodable {
    var queue: String
    var exchange: String
    var routingKey: String

    private enum CodingKeys: String, CodingKey {
      case queue, exchange
      case routingKey = "routing_key"
    }
  }

  /// All queues of the service.
  public var queues: [QueueDeclaration]
  var exchanges: [ExchangeDeclaration]
  var bindings: [Binding]

  /// The plan for these names, this queue type and these limits.
  public init(_ configuration: AMQPConfiguration) {
    let names = configuration.names
    let requests = [
      names.synthesize, names.registerVoice, names.listVoices, names.deleteVoice, names.putLexicon,
      names.listLexicons, names.deleteLexicon, names.configuration,
    ].map { name in
      var arguments = Self.requestArguments(configuration)
      if name == names.synthesize, configuration.maxQueueLength > 0 {
        arguments["x-max-length"] = .integer(Int64(configuration.maxQueueLength))
        arguments["x-overflow"] = "reject-publish"
      }
      return QueueDeclaration(name: name, arguments: arguments)
    }
    var retries: [QueueDeclaration] = []
    for delay in configuration.retryDelays where !retries.contains(where: { $0.name == names.retry(after: delay) }) {
      var arguments = Self.typeArguments(configuration).merging(
        Self.deadLetterArguments(configuration, to: names.synthesize)
      ) { $1 }
      arguments["x-message-ttl"] = .integer(delay.milliseconds)
      retries.append(QueueDeclaration(name: names.retry(after: delay), arguments: arguments))
    }
    let suspects = QueueDeclaration(name: names.suspects, arguments: Self.requestArguments(configuration))
    queues =
      Self.deadLetterQueues(configuration) + requests + [suspects] + retries
      + Self.refusedReplyQueues(configuration)
    exchanges = [ExchangeDeclaration(name: names.control, kind: .fanout)]
    bindings = []
  }

  /// The plan for this broker: those before RabbitMQ 4.3 refuse the arguments of delayed retry.
  func suited(to broker: BrokerVersion) -> TopologyPlan {
    guard !broker.delaysReturnedMessages else { return self }
    var plan = self
    for index in plan.queues.indices {
      plan.queues[index].arguments = plan.queues[index].arguments.filter { !$0.key.hasPrefix("x-delayed-retry-") }
    }
    return plan
  }

  /// The delivery limits of the dead letters. ``QueueNames/deadIncoming`` hands over what it can't settle for long.
  /// Each look of an operator at ``QueueNames/dead`` counts as a delivery, and RabbitMQ 4 drops a message after 20 of
  /// them unless the queue has a limit.
  private static let deadDeliveryLimits = (incoming: 200, dead: 1_000_000_000)

  /// Neither queue has a maximum length, so that a request queue can always dead-letter.
  private static func deadLetterQueues(_ configuration: AMQPConfiguration) -> [QueueDeclaration] {
    let names = configuration.names
    return [
      QueueDeclaration(
        name: names.dead,
        arguments: arguments(configuration, deadLetterTo: nil, deliveryLimit: deadDeliveryLimits.dead)),
      QueueDeclaration(
        name: names.deadIncoming,
        arguments: arguments(configuration, deadLetterTo: names.dead, deliveryLimit: deadDeliveryLimits.incoming)),
    ]
  }

  /// The limits of the queue of refused replies. When it is full, a refused reply is dead-lettered immediately.
  private static let waitingReplies = (count: 10_000, bytes: 1 << 30)

  private static func refusedReplyQueues(_ configuration: AMQPConfiguration) -> [QueueDeclaration] {
    let names = configuration.names
    var waiting = typeArguments(configuration).merging(
      deadLetterArguments(configuration, to: names.refusedReplies)
    ) { $1 }
    waiting["x-max-length"] = .integer(Int64(waitingReplies.count))
    waiting["x-max-length-bytes"] = .integer(Int64(waitingReplies.bytes))
    waiting["x-overflow"] = "reject-publish"
    return [
      QueueDeclaration(name: names.refusedReplies, arguments: requestArguments(configuration)),
      QueueDeclaration(name: names.replyRetry, arguments: waiting),
    ]
  }

  private static func typeArguments(_ configuration: AMQPConfiguration) -> FieldTable {
    ["x-queue-type": .string(configuration.queueType.rawValue)]
  }

  private static func deadLetterArguments(_ configuration: AMQPConfiguration, to queue: String) -> FieldTable {
    var arguments: FieldTable = ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": .string(queue)]
    if configuration.queueType == .quorum {
      // With this strategy, a message leaves its queue only after the next queue has confirmed it. It requires the
      // overflow setting.
      arguments["x-dead-letter-strategy"] = "at-least-once"
      arguments["x-overflow"] = "reject-publish"
    }
    return arguments
  }

  private static func requestArguments(_ configuration: AMQPConfiguration) -> FieldTable {
    var arguments = Self.arguments(
      configuration, deadLetterTo: configuration.names.deadIncoming, deliveryLimit: configuration.deliveryLimit)
    if configuration.delaysReturnedMessages, configuration.queueType == .quorum,
      let shortest = configuration.retryDelays.min(), let longest = configuration.retryDelays.max()
    {
      arguments["x-delayed-retry-type"] = "all"
      arguments["x-delayed-retry-min"] = .integer(shortest.milliseconds)
      arguments["x-delayed-retry-max"] = .integer(longest.milliseconds)
    }
    return arguments
  }

  private static func arguments(
    _ configuration: AMQPConfiguration, deadLetterTo queue: String?, deliveryLimit: Int
  ) -> FieldTable {
    var arguments = typeArguments(configuration)
    if let queue { arguments.merge(deadLetterArguments(configuration, to: queue)) { $1 } }
    if configuration.queueType == .quorum { arguments["x-delivery-limit"] = .integer(Int64(deliveryLimit)) }
    return arguments
  }
}
