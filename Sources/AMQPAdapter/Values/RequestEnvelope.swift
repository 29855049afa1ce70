import Foundation
import RabbitMQ
import SpeechCore

/// A request as its message's properties describe it, without its body. Odd values are read as absent.
struct RequestEnvelope: Sendable, Equatable {
  var requestID: String
  var correlationID: ShortString?
  /// Nil when there is none, or it is empty.
  var replyTo: String?
  var messageID: String?
  /// By the wall clock, and by the one that no correction moves.
  var receivedAt: Date
  var receivedInstant: ContinuousClock.Instant
  var deadline: Date?
  /// 0–9.
  var priority: Int
  /// A well-formed W3C `traceparent`.
  var traceparent: String?
  /// 1 for the first.
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

  /// The earlier of `x-deadline` (Unix milliseconds) and `expiration` (milliseconds from now: the broker takes off
  /// nothing for the time in the queue, so this errs on the late side).
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

  /// Version, trace id, parent id and flags in lower-case hex, as W3C Trace Context writes them.
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

  /// Direct reply-to names a waiting consumer, not a queue.
  var usesDirectReplyTo: Bool { replyTo?.hasPrefix("amq.rabbitmq.reply-to.") ?? false }

  /// The wall clock as it was when the request came, moved on by the time that has passed since: a step of the clock
  /// changes no deadline of a request that is here.
  func time(at instant: ContinuousClock.Instant = .now) -> Date {
    receivedAt.addingTimeInterval((instant - receivedInstant).seconds)
  }

  /// Seconds since the request was received.
  var age: Double { (.now - receivedInstant).seconds }

  /// What the service is told, in the wall clock's present time.
  var context: RequestContext {
    let (now, time) = (Date(), time())
    return RequestContext(
      requestID: requestID, transport: .amqp, correlationID: correlationID?.text, idempotencyKey: messageID,
      receivedAt: now.addingTimeInterval(receivedAt.timeIntervalSince(time)),
      deadline: deadline.map { now.addingTimeInterval($0.timeIntervalSince(time)) }, priority: priority,
      traceparent: traceparent, attempt: attempt)
  }
}
