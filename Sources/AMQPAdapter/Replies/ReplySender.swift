import Foundation
import RabbitMQ
import SpeechCore

/// Sends replies, retries and dead letters, each confirmed by the broker.
struct ReplySender: Sendable {
  /// Whether somebody got the reply.
  enum Outcome: Sendable, Equatable {
    case delivered
    /// No queue of that name exists any more.
    case requesterGone
  }

  let publisher: Publisher
  let names: QueueNames
  let maxMessageBytes: Int

  /// Where a message stands in a streamed reply.
  struct Position: Sendable {
    var sequence: Int
    var isFinal: Bool
  }

  func fits(_ body: Data) -> Bool { body.count <= maxMessageBytes }

  /// Sends one message to the requester. Without a `reply_to` nothing is sent.
  func reply(
    _ body: Data, to envelope: RequestEnvelope, position: Position? = nil
  ) async throws(RabbitMQError) -> Outcome {
    guard let replyTo = envelope.replyTo else { return .requesterGone }
    var properties = MessageProperties(
      contentType: "application/json", isPersistent: !envelope.usesDirectReplyTo,
      correlationID: envelope.correlationID)
    if let traceparent = envelope.traceparent { properties.headers[HeaderName.traceparent] = .string(traceparent) }
    if let position {
      properties.headers[HeaderName.sequence] = .integer(Int64(position.sequence))
      properties.headers[HeaderName.isFinal] = .bool(position.isFinal)
    }
    // A live direct reply-to consumer looks unroutable to the broker, so `mandatory` would lie there.
    let outcome = try await publisher.publish(
      Message(properties: properties, body: body), routingKey: replyTo, mandatory: !envelope.usesDirectReplyTo)
    return outcome == .confirmed ? .delivered : .requesterGone
  }

  /// Puts a request into the queue it comes back from after the delay.
  func retry(
    _ message: Message, _ envelope: RequestEnvelope, after delay: Duration, failedAttempts: Int
  ) async throws(RabbitMQError) {
    var message = message
    message.properties.headers[HeaderName.attempts] = .integer(Int64(failedAttempts))
    try await self.delay(message, envelope, by: delay)
  }

  /// Lets a request wait without counting an attempt.
  func postpone(
    _ message: Message, _ envelope: RequestEnvelope, after delay: Duration, postponements: Int
  ) async throws(RabbitMQError) {
    var message = message
    message.properties.headers[HeaderName.postponements] = .integer(Int64(postponements))
    try await self.delay(message, envelope, by: delay)
  }

  private func delay(
    _ message: Message, _ envelope: RequestEnvelope, by delay: Duration
  ) async throws(RabbitMQError) {
    var message = Self.republishable(message)
    // The broker would drop `expiration` on the way back, and it counts from now: the deadline stays where it was.
    message.properties.expiration = nil
    if let deadline = envelope.deadline {
      message.properties.headers[HeaderName.deadline] = .integer(
        Int64(exactly: (deadline.timeIntervalSince1970 * 1000).rounded()) ?? .max)
    }
    try await publishOrFail(message, to: names.retry(after: delay))
  }

  /// Puts a request into the dead letters, with the reason.
  func deadLetter(
    _ message: Message, _ envelope: RequestEnvelope, error: SpeechError
  ) async throws(RabbitMQError) {
    var message = Self.republishable(message)
    message.properties.expiration = nil
    message.properties.headers[HeaderName.errorCode] = .string(error.code.rawValue)
    message.properties.headers[HeaderName.errorMessage] = .string(error.message)
    message.properties.headers[HeaderName.attempts] = .integer(Int64(envelope.attempt))
    message.properties.headers[HeaderName.originalQueue] = .string(envelope.queue)
    try await publishOrFail(message, to: names.dead)
  }

  private func publishOrFail(_ message: Message, to queue: String) async throws(RabbitMQError) {
    let outcome = try await publisher.publish(message, routingKey: queue, mandatory: true)
    guard outcome == .confirmed else {
      throw RabbitMQError(.notAcknowledged, "the queue \(queue) does not exist", replyCode: 312)
    }
  }

  /// Removes what must not travel twice: `user-id` would be refused from another user, `CC` and `BCC` would route
  /// copies, and with old `x-death` entries the broker takes a retry for a cycle and drops it.
  static func republishable(_ message: Message) -> Message {
    var message = message
    message.properties.isPersistent = true
    if let user = message.properties.userID {
      message.properties.headers[HeaderName.originalUserID] = .string(user)
      message.properties.userID = nil
    }
    for name in message.properties.headers.keys
    where ["CC", "BCC", "x-death", HeaderName.deliveryCount, "x-publish-sequence"].contains(name)
      || name.hasPrefix("x-first-death-") || name.hasPrefix("x-last-death-")
    {
      message.properties.headers[name] = nil
    }
    return message
  }
}
