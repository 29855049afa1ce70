import RabbitMQ

/// Every queue, exchange and binding the service wants, as a value.
public struct TopologyPlan: Sendable, Equatable, Encodable {
  public struct Binding: Sendable, Equatable, Encodable {
    public var queue: String
    public var exchange: String
    public var routingKey: String

    private enum CodingKeys: String, CodingKey {
      case queue, exchange
      case routingKey = "routing_key"
    }
  }

  public var queues: [QueueDeclaration]
  public var exchanges: [ExchangeDeclaration]
  public var bindings: [Binding]

  public init(_ configuration: AMQPConfiguration) {
    let names = configuration.names
    let dead = QueueDeclaration(name: names.dead, arguments: Self.typeArguments(configuration))
    let requests = [
      names.synthesize, names.registerVoice, names.listVoices, names.deleteVoice, names.configuration,
    ].map { name in
      var arguments = Self.requestArguments(configuration, deadLetterTo: names.dead)
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
    queues = [dead] + requests + retries + Self.refusedReplyQueues(configuration)
    exchanges = [ExchangeDeclaration(name: names.control, kind: .fanout)]
    bindings = []
  }

  /// Bounds of the queue where refused replies wait; over them a refused reply is given up at once.
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
      QueueDeclaration(
        name: names.refusedReplies, arguments: requestArguments(configuration, deadLetterTo: names.dead)),
      QueueDeclaration(name: names.replyRetry, arguments: waiting),
    ]
  }

  private static func typeArguments(_ configuration: AMQPConfiguration) -> FieldTable {
    ["x-queue-type": .string(configuration.queueType.rawValue)]
  }

  private static func deadLetterArguments(_ configuration: AMQPConfiguration, to queue: String) -> FieldTable {
    var arguments: FieldTable = ["x-dead-letter-exchange": "", "x-dead-letter-routing-key": .string(queue)]
    if configuration.queueType == .quorum {
      // A message leaves its queue only when the next one has confirmed it; that needs the overflow setting.
      arguments["x-dead-letter-strategy"] = "at-least-once"
      arguments["x-overflow"] = "reject-publish"
    }
    return arguments
  }

  private static func requestArguments(_ configuration: AMQPConfiguration, deadLetterTo dead: String) -> FieldTable {
    var arguments = typeArguments(configuration).merging(deadLetterArguments(configuration, to: dead)) { $1 }
    if configuration.queueType == .quorum {
      arguments["x-delivery-limit"] = .integer(Int64(configuration.deliveryLimit))
    }
    return arguments
  }
}
