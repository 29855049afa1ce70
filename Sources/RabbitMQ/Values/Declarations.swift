/// The properties of a queue to declare. Only exclusive queues are transient: RabbitMQ 4.3 refuses other transient ones.
public struct QueueDeclaration: Sendable, Equatable, Encodable {
  /// The queue's name; empty: the broker chooses one.
  public var name: String
  let durable: Bool
  let exclusive: Bool
  var autoDelete: Bool
  /// The optional arguments, such as `x-queue-type`.
  public var arguments: FieldTable

  public init(name: String, exclusive: Bool = false, autoDelete: Bool = false, arguments: FieldTable = [:]) {
    self.name = name
    self.exclusive = exclusive
    durable = !exclusive
    self.autoDelete = autoDelete
    self.arguments = arguments
  }

  private enum CodingKeys: String, CodingKey {
    case name, durable, exclusive, arguments
    case autoDelete = "auto_delete"
  }
}

/// The state of a queue, as the broker reports it.
public struct QueueState: Sendable, Equatable {
  /// The name, also where the broker chose it.
  public var name: String
  /// Messages that are ready for delivery.
  public var messageCount: Int
  /// Consumers on all connections.
  public var consumerCount: Int
}

/// The properties of an exchange to declare.
public struct ExchangeDeclaration: Sendable, Equatable, Encodable {
  /// The routing of the exchange.
  public enum Kind: String, Sendable, Encodable {
    case direct, fanout, topic, headers
  }

  /// The name that bindings and messages refer to.
  public var name: String
  var kind: Kind
  var durable: Bool

  public init(name: String, kind: Kind, durable: Bool = true) {
    self.name = name
    self.kind = kind
    self.durable = durable
  }
}

/// The settings of a consumer.
public struct ConsumeOptions: Sendable, Equatable {
  var queue: String
  var consumerTag: String
  /// Whether deliveries count as settled once they are sent.
  var noAcknowledge: Bool
  var exclusive: Bool
  var arguments: FieldTable

  public init(
    queue: String, consumerTag: String, noAcknowledge: Bool = false, exclusive: Bool = false,
    arguments: FieldTable = [:]
  ) {
    self.queue = queue
    self.consumerTag = consumerTag
    self.noAcknowledge = noAcknowledge
    self.exclusive = exclusive
    self.arguments = arguments
  }
}
