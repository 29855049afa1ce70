import Foundation
import RabbitMQ
import SpeechCore

/// The properties of a request's message, without its body. Invalid values are treated as absent.
struct RequestEnvelope: Sendable, Equatable {
  var requestID: String
  var correlationID: ShortString?
  /// Nil when it is missing or empty.
  var replyTo: String?
  var messageID: String?
  /// The time of receipt, by the wall clock and by the monotonic clock.
  var receivedAt: Date
  var receivedInstant: ContinuousClock.Instant
  var deadline: Date?
  /// 0–9.
  var priority: Int
  /// Nil unless it is a well-formed W3C `traceparent`.
  var traceparent: String?
  /// The number of this attempt, from 1.
  var attempt: Int
  var redelivered: Bool
  var deliveryTag: UInt64
  var queue: String

  init(
    _ delivery: Delivery, queue: String, receivedAt: Date, receivedInstant: ContinuousClock.Instant = .now,
    requestID: String = RequestContext.makeRequestID()
  ) {
    let properties = delivery.message.properties
    self.requestID = requestID
    self.queue = queue
    self.receivedAt = receivedAt
    self.receivedInstant = receivedInstant
    correlationID = properties.correlationID
    replyTo = properties.replyTo.flatMap { $0.isEmpty ? nil : $0 }
    messageID = properties.messageID.flatMap { $0.isEmpty ? nil : $0.text }
    deadline = Self.deadline(properties, receivedAt: receivedAt)
    priority = min(9, Int(properties.priority ?? 0))
    traceparent = properties.headers[HeaderName.traceparent]?.stringValue.flatMap(Self.wellFormed(traceparent:))
    let failed = properties.headers[HeaderName.attempts]?.integerValue ?? 0
    attempt = 1 + Int(min(max(failed, 0), 1_000_000))
    redelivered = delivery.redelivered
    deliveryTag = delivery.deliveryTag
  }

  /// The earlier of `x-deadline` (Unix milliseconds) and `expiration` (milliseconds from now). The broker does not
  /// subtract the time in the queue from `expiration`, so that deadline may be too late.
  private static func deadline(_ properties: MessageProperties, receivedAt: Date) -> Date? {
    var candidates: [Date] = []
    if let milliseconds = properties.headers[HeaderName.deadline]?.integerValue {
      candidates.append(Date(timeIntervalSince1970: Double(milliseconds) / 1000))
    }
    if let text = properties.expiration, let milliseconds = UInt64(text) {
      candidates.append(receivedAt.addingTimeInterval(Double(milliseconds) / 1000))
    }
    return candidates.min()
  }

  /// Checks the form of W3C Trace Context: version, trace id, parent id and flags in lower-case hexadecimal digits.
  private static func wellFormed(traceparent: String) -> String? {
    let parts = traceparent.split(separator: "-", omittingEmptySubsequences: false)
    let isHex = traceparent.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "-") || (48...57).contains(byte) || (97...102).contains(byte)
    }
    guard isHex, parts.count >= 4, traceparent.utf8.count <= 128, parts[0].count == 2, parts[1].count == 32,
      parts[2].count == 16, parts[3].count == 2
    else { return nil }
    return traceparent
  }

  /// Whether `reply_to` names a waiting consumer (direct reply-to) and not a queue.
  var usesDirectReplyTo: Bool { replyTo?.hasPrefix("amq.rabbitmq.reply-to.") ?? false }

  /// The wall-clock time of the receipt plus the time elapsed since. A step of the wall clock does not change the
  /// deadlines of received requests.
  func time(at instant: ContinuousClock.Instant = .now) -> Date {
    receivedAt.addingTimeInterval((instant - receivedInstant).seconds)
  }

  /// Seconds since the request was received.
  var age: Double { (.now - receivedInstant).seconds }

  /// The context for the handler; its times are converted to the present wall clock.
  var context: RequestContext {
    let (now, time) = (Date(), time())
    return RequestContext(
      requestID: requestID, transport: .amqp, correlationID: correlationID?.text, idempotencyKey: messageID,
      receivedAt: now.addingTimeInterval(receivedAt.timeIntervalSince(time)),
      deadline: deadline.map { now.addingTimeInterval($0.timeIntervalSince(time)) }, priority: priority,
      traceparent: traceparent, attempt: attempt)
  }
}
