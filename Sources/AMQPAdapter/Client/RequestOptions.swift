import Foundation
import RabbitMQ

/// The options of a request that are not in its body.
public struct RequestOptions: Sendable, Equatable {
  /// Unique among the unanswered requests; generated when nil.
  var correlationID: String?
  /// The idempotency key. A request with a known key gets the same bytes as the first one.
  var messageID: String?
  /// 0–9; higher numbers are served first.
  var priority: UInt8?
  /// The service does not work on the request after this time.
  var deadline: Date?
  /// A W3C `traceparent`.
  var traceparent: String?
  /// The longest wait for the reply, or for the next piece of a streamed one.
  var timeout: Duration

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

/// One message of a reply, as received.
public struct RawReply: Sendable, Equatable {
  var body: Data
  var correlationID: String
  /// `x-tts-sequence`, from 0; nil for an unstreamed reply.
  var sequence: Int?
  /// Whether this is the last message of a streamed reply, or an unstreamed reply.
  var isFinal: Bool
  var traceparent: String?

  init(_ message: Message) {
    let headers = message.properties.headers
    body = message.body
    correlationID = message.properties.correlationID?.text ?? ""
    sequence = headers[HeaderName.sequence]?.integerValue.map(Int.init(clamping:))
    isFinal = sequence == nil || headers[HeaderName.isFinal]?.boolValue == true
    traceparent = headers[HeaderName.traceparent]?.stringValue
  }
}
