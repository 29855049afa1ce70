import Foundation

/// AMQP's basic properties; nil means absent.
public struct MessageProperties: Sendable, Equatable {
  public var contentType: String?
  public var contentEncoding: String?
  public var headers: FieldTable
  /// Written to disk by a durable queue (delivery mode 2).
  public var isPersistent: Bool
  public var priority: UInt8?
  /// Bytes that the requester chose; they need not be text.
  public var correlationID: ShortString?
  public var replyTo: String?
  /// Time to live in milliseconds, as text.
  public var expiration: String?
  /// Bytes that the requester chose; they need not be text.
  public var messageID: ShortString?
  /// Seconds since 1970.
  public var timestamp: UInt64?
  public var type: String?
  public var userID: String?
  public var appID: String?

  public init(
    contentType: String? = nil, headers: FieldTable = [:], isPersistent: Bool = false, priority: UInt8? = nil,
    correlationID: String? = nil, replyTo: String? = nil, expiration: String? = nil, messageID: String? = nil
  ) {
    self.contentType = contentType
    self.headers = headers
    self.isPersistent = isPersistent
    self.priority = priority
    self.correlationID = correlationID.map { ShortString($0) }
    self.replyTo = replyTo
    self.expiration = expiration
    self.messageID = messageID.map { ShortString($0) }
  }
}

/// A message to publish, or one that arrived.
public struct Message: Sendable, Equatable {
  public var properties: MessageProperties
  /// Empty when an arriving body was over the channel's limit; ``bodyByteCount`` tells its size.
  public var body: Data
  public var bodyByteCount: Int

  public init(properties: MessageProperties = MessageProperties(), body: Data) {
    self.properties = properties
    self.body = body
    bodyByteCount = body.count
  }

  init(properties: MessageProperties, body: Data, bodyByteCount: Int) {
    self.properties = properties
    self.body = body
    self.bodyByteCount = bodyByteCount
  }

  public var isBodyTooLarge: Bool { bodyByteCount > body.count }
}

/// A message handed to a consumer, or fetched with ``Channel/get(queue:noAcknowledge:)``.
public struct Delivery: Sendable, Equatable {
  public var message: Message
  /// Names the delivery on its channel, to acknowledge it.
  public var deliveryTag: UInt64
  public var redelivered: Bool
  public var exchange: String
  public var routingKey: String
  /// Empty for a fetched message.
  public var consumerTag: String

  public init(
    message: Message, deliveryTag: UInt64, redelivered: Bool, exchange: String, routingKey: String,
    consumerTag: String = ""
  ) {
    self.message = message
    self.deliveryTag = deliveryTag
    self.redelivered = redelivered
    self.exchange = exchange
    self.routingKey = routingKey
    self.consumerTag = consumerTag
  }
}

/// What became of a confirmed publish.
public enum PublishOutcome: Sendable, Equatable {
  /// The broker has taken responsibility for the message.
  case confirmed
  /// No queue took the mandatory message; the broker's reply code and text.
  case returned(code: UInt16, reason: String)
}
