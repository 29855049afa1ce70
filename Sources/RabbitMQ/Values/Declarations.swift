/// A queue as it should exist.
public struct QueueDeclaration: Sendable, Equatable, Encodable {
  /// Empty lets the broker choose a name.
  public var name: String
  public var durable: Bool
  public var exclusive: Bool
  public var autoDelete: Bool
  public var arguments: FieldTable

  public init(
    name: String, durable: Bool = true, exclusive: Bool = false, autoDelete: Bool = false,
    arguments: FieldTable = [:]
  ) {
    self.name = name
    self.durable = durable
    self.exclusive = exclusive
    self.autoDelete = autoDelete
    self.arguments = arguments
  }

  private enum CodingKeys: String, CodingKey {
    case name, durable, exclusive, arguments
    case autoDelete = "auto_delete"
  }
}

/// A queue as the broker says it is.
public struct QueueState: Sendable, Equatable {
  public var name: String
  public var messageCount: Int
  public var consumerCount: Int
}

public struct ExchangeDeclaration: Sendable, Equatable, Encodable {
  public enum Kind: String, Sendable, Encodable {
    case direct, fanout, topic, headers
  }

  public var name: String
  public var kind: Kind
  public var durable: Bool

  public init(name: String, kind: Kind, durable: Bool = true) {
    self.name = name
    self.kind = kind
    self.durable = durable
  }
}

/// How to consume from a queue.
public struct ConsumeOptions: Sendable, Equatable {
  public var queue: String
  public var consumerTag: String
  /// Deliveries count as settled when sent.
  public var noAcknowledge: Bool
  public var exclusive: Bool
  public var arguments: FieldTable

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
