import Foundation
import RabbitMQ

/// What a client asks for beside the request's body.
public struct RequestOptions: Sendable, Equatable {
  /// Unique per request in flight; made when nil.
  public var correlationID: String?
  /// The idempotency key: a repeated one gets the same bytes again.
  public var messageID: String?
  /// 0–9, higher first.
  public var priority: UInt8?
  /// After this the request is not worked on any more.
  public var deadline: Date?
  public var traceparent: String?
  /// How long to wait for the reply, or for the next piece of a streamed one.
  public var timeout: Duration

  public init(
    correlationID: String? = nil, messageID: String? = nil, priority: UInt8? = nil, deadline: Date? = nil,
    traceparent: String? = nil, timeout: Duration = .seconds(300)
  ) {
    self.correlationID = correlationID
    self.messageID = messageID
    self.priority = priority
    self.deadline = deadline
    self.traceparent = traceparent
    self.timeout = timeout
  }

  func properties(replyTo: String, correlationID: String) -> MessageProperties {
    var properties = MessageProperties(
      contentType: "application/json", isPersistent: true, priority: priority, correlationID: correlationID,
      replyTo: replyTo, messageID: messageID)
    properties.timestamp = UInt64(max(0, Date().timeIntervalSince1970))
    if let traceparent { properties.headers[HeaderName.traceparent] = .string(traceparent) }
    if let deadline {
      properties.headers[HeaderName.deadline] = .integer(
        Int64(exactly: (deadline.timeIntervalSince1970 * 1000).rounded()) ?? .max)
    }
    return properties
  }
}

/// One message of a reply, as it came.
public struct RawReply: Sendable, Equatable {
  public var body: Data
  public var correlationID: String
  /// `x-tts-sequence`; nil for a whole reply.
  public var sequence: Int?
  /// A whole reply, or the last message of a streamed one.
  public var isFinal: Bool
  public var traceparent: String?

  init(_ message: Message) {
    let headers = message.properties.headers
    body = message.body
    correlationID = message.properties.correlationID?.text ?? ""
    sequence = headers[HeaderName.sequence]?.integerValue.map(Int.init(clamping:))
    isFinal = sequence == nil || headers[HeaderName.isFinal]?.boolValue == true
    traceparent = headers[HeaderName.traceparent]?.stringValue
  }
}
