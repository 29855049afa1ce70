import Foundation

/// AMQP's basic properties; nil means that a property is absent.
public struct MessageProperties: Sendable, Equatable {
  var contentType: String?
  public var contentEncoding: String?
  /// Application headers; empty means absent.
  public var headers: FieldTable
  /// Whether a durable queue writes the message to disk (delivery mode 2).
  public var isPersistent: Bool
  /// 0 to 9 by convention, higher first.
  public var priority: UInt8?
  /// Bytes that the requester chose; they need not be text.
  public var correlationID: ShortString?
  /// The queue for the answer.
  public var replyTo: String?
  /// Time to live in milliseconds, as text.
  public var expiration: String?
  /// Bytes that the requester chose; they need not be text.
  public var messageID: ShortString?
  /// Seconds since 1970.
  public var timestamp: UInt64?
  var type: String?
  /// The broker checks that it is the user of the connection.
  public var userID: String?
  var appID: String?

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
  /// The basic properties.
  public var properties: MessageProperties
  /// The content. It is empty when a received body exceeds the connection's limit; ``bodyByteCount`` has its size.
  public var body: Data
  /// The size of the body before it was discarded.
  public var bodyByteCount: Int

  /// Whether the body was discarded because of its size.
  public var isBodyTooLarge: Bool { bodyByteCount > body.count }
}

extension Message {
  /// A message to publish.
  public init(properties: MessageProperties = MessageProperties(), body: Data) {
    self.init(properties: properties, body: body, bodyByteCount: body.count)
  }
}

/// A message that a consumer received, or that ``Channel/get(queue:noAcknowledge:)`` fetched.
public struct Delivery: Sendable, Equatable {
  /// Properties and body.
  public var message: Message
  /// Identifies the delivery on its channel, to settle it.
  public var deliveryTag: UInt64
  /// Whether the message was delivered before.
  public var redelivered: Bool
  /// The exchange that it was published to; empty for the default exchange.
  public var exchange: String
  var routingKey: String
  /// Empty for a fetched message.
  var consumerTag = ""
}

/// The result of a confirmed publish.
public enum PublishOutcome: Sendable, Equatable {
  /// The broker has taken responsibility for the message.
  case confirmed
  /// No queue took the mandatory message. Has the broker's reply code and text.
  case returned(code: UInt16, reason: String)
}
