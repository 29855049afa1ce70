import Foundation
import RabbitMQ
import SpeechCore

/// Sends replies, retries and dead letters, each confirmed by the broker.
struct ReplySender: Sendable {
  /// The outcome of one reply message.
  enum Outcome: Sendable, Equatable {
    case delivered
    /// The reply queue no longer exists.
    case requesterGone
    /// The queue exists but accepts no message, for example because it is full.
    case refused
  }

  let publisher: Publisher
  /// Declared again when one of its queues is missing.
  let topology: TopologyPlan
  let names: QueueNames
  let maxMessageBytes: Int

  /// The position of a message in a streamed reply.
  struct Position: Sendable, Equatable {
    var sequence: Int
    var isFinal: Bool

    init(sequence: Int, isFinal: Bool) {
      self.sequence = sequence
      self.isFinal = isFinal
    }

    /// - Returns: nil when the headers contain no position.
    init?(_ headers: FieldTable) {
      guard let sequence = headers[HeaderName.sequence]?.integerValue,
        let isFinal = headers[HeaderName.isFinal]?.boolValue
      else { return nil }
      self.init(sequence: Int(clamping: sequence), isFinal: isFinal)
    }

    func write(to headers: inout FieldTable) {
      headers[HeaderName.sequence] = .integer(Int64(sequence))
      headers[HeaderName.isFinal] = .bool(isFinal)
    }
  }

  func fits(_ body: Data) -> Bool { body.count <= maxMessageBytes }

  /// Sends one message to the requester. Without a `reply_to` nothing is sent.
  /// - Parameter attempts: the number of attempts while the requester's queue refuses the message.
  func reply(
    _ body: Data, to request: SpeechRequest, position: Position? = nil, attempts: Int = 1
  ) async throws(RabbitMQError) -> Outcome {
    guard let replyTo = request.replyTo else { return .requesterGone }
    var properties = MessageProperties(
      contentType: "application/json", isPersistent: !request.usesDirectReplyTo)
    properties.correlationID = request.correlationID
    if let traceparent = request.context.traceparent {
      properties.headers[HeaderName.traceparent] = .string(traceparent)
    }
    if let position { position.write(to: &properties.headers) }
    let message = Message(properties: properties, body: body)
    do throws(RabbitMQError) {
      // A live direct reply-to consumer looks unroutable to the broker, so `mandatory` would report a missing queue.
      var outcome = try await publisher.publish(
        message, routingKey: replyTo, mandatory: !request.usesDirectReplyTo, refusalLimit: attempts)
      if outcome != .confirmed, let address = ExchangeAddress(replyTo) {
        outcome = try await publish(message, to: address)
      }
      return outcome == .confirmed ? .delivered : .requesterGone
    } catch {
      guard error.code == .notAcknowledged else { throw error }
      return .refused
    }
  }

  /// Publishes on a new channel, because the broker closes the channel when the exchange does not exist.
  private func publish(_ message: Message, to address: ExchangeAddress) async throws(RabbitMQError) -> PublishOutcome {
    let gone = PublishOutcome.returned(code: 312, reason: "no such exchange")
    guard address.exchange != names.control else { return gone }
    return try await publisher.withConnection { connection throws(RabbitMQError) in
      let channel = try await connection.openChannel()
      do throws(RabbitMQError) {
        try await channel.selectConfirms()
        let outcome = try await channel.publish(
          message, exchange: address.exchange, routingKey: address.routingKey, mandatory: true)
        await channel.close()
        return outcome
      } catch {
        guard error.code == .channelClosed else { throw error }
        return gone
      }
    }
  }

  /// Puts a refused reply into the queue where it waits for its next attempt.
  /// - Returns: false when that queue is full or missing.
  func hold(
    _ refused: RefusedReply, _ request: SpeechRequest, for delay: Duration
  ) async throws(RabbitMQError) -> Bool {
    var message = refused.message(maximumByteCount: maxMessageBytes)
    Self.keepDeadline(of: request, in: &message)
    message.properties.expiration = String(max(1, delay.milliseconds))
    do throws(RabbitMQError) {
      try Self.checkRoomForDeathHeaders(in: message.properties)
      return try await publisher.publish(
        message, routingKey: names.replyRetry, mandatory: true, refusalLimit: 1) == .confirmed
    } catch {
      guard error.code == .notAcknowledged || error.code == .unencodable else { throw error }
      return false
    }
  }

  /// Puts a request into a retry queue, from which it returns after the delay.
  /// - Parameters:
  ///   - header: the header that counts this kind of delay: attempts or postponements.
  ///   - count: its new value.
  func delay(
    _ request: SpeechRequest, by delay: Duration, counting header: String, _ count: Int
  ) async throws(RabbitMQError) {
    var message = request.delivery.message
    message.properties.headers[header] = .integer(Int64(count))
    try await publishAgain(message, request, to: names.retry(after: delay))
  }

  /// Moves a message to the queue of suspects.
  func suspect(_ request: SpeechRequest, lostWorkers: Int) async throws(RabbitMQError) {
    var message = request.delivery.message
    message.properties.headers[HeaderName.lostWorkers] = .integer(Int64(lostWorkers))
    try await publishAgain(message, request, to: names.suspects)
  }

  /// Returns a message to the end of its queue. A message that the broker requeues would count as redelivered.
  func giveBack(_ request: SpeechRequest) async throws(RabbitMQError) {
    try await publishAgain(request.delivery.message, request, to: request.isSuspect ? names.suspects : request.queue)
  }

  private func publishAgain(
    _ message: Message, _ request: SpeechRequest, to queue: String
  ) async throws(RabbitMQError) {
    var message = Self.republishable(message)
    Self.keepDeadline(of: request, in: &message)
    try Self.checkRoomForDeathHeaders(in: message.properties)
    try await publishOrFail(message, to: queue)
  }

  /// Stores the deadline as an absolute time in a header. `expiration` would not keep it: the broker removes it when a
  /// message expires, and counts it from each publish.
  private static func keepDeadline(of request: SpeechRequest, in message: inout Message) {
    // Without an expiration, the header is the deadline already.
    guard message.properties.expiration != nil, let deadline = request.context.deadline else { return }
    message.properties.expiration = nil
    let time = Date().timeIntervalSince1970 + (deadline - .now).seconds
    message.properties.headers[HeaderName.deadline] = .integer(
      Int64(min(time * 1000, DeadlineHeader.greatestMilliseconds).rounded()))
  }

  /// Dead-letters a request, with the reason in its headers. A body that was too long to be read is omitted, and so are
  /// headers that don't fit in a frame together with the reason; a header marks the omission.
  func deadLetter(
    _ message: Message, _ request: SpeechRequest, error: SpeechError
  ) async throws(RabbitMQError) {
    var message = Self.republishable(message)
    if message.isBodyTooLarge { message.cutBody() }
    let reason: FieldTable = [
      HeaderName.errorCode: .string(error.code.rawValue), HeaderName.errorMessage: .string(error.message),
      HeaderName.attempts: .integer(Int64(request.context.attempt)), HeaderName.originalQueue: .string(request.queue),
    ]
    message.properties.headers.merge(reason) { $1 }
    try await keep(message)
  }

  /// Puts a dead letter of unknown age back at the end of its queue, marked with the present time.
  func markDead(_ message: Message) async throws(RabbitMQError) {
    try await keep(Self.republishable(message))
  }

  private func keep(_ message: Message) async throws(RabbitMQError) {
    var message = message
    message.properties.expiration = nil
    message.properties.headers[HeaderName.deadAt] = .integer(Int64(Date().timeIntervalSince1970 * 1000))
    do throws(RabbitMQError) {
      try await publishOrFail(message, to: names.dead)
    } catch {
      guard error.code == .unencodable else { throw error }
      message.properties.headers = message.properties.headers.filter { HeaderName.reasonHeaders.contains($0.key) }
      message.properties.headers[HeaderName.headersCut] = true
      try await publishOrFail(message, to: names.dead)
    }
  }

  /// The space for headers that the broker adds when a message expires: `x-death`, with the names of queues.
  private static let deathHeadersByteCount = 4096

  /// The broker adds headers to a message that expires. If they did not fit, it would deliver a frame that no client
  /// accepts.
  /// - Throws: `unencodable`.
  private static func checkRoomForDeathHeaders(in properties: MessageProperties) throws(RabbitMQError) {
    let limit = MessageProperties.maximumEncodedByteCount - deathHeadersByteCount
    guard properties.encodedByteCount <= limit else {
      throw RabbitMQError(
        .unencodable, "the properties have \(properties.encodedByteCount) bytes; a message that waits may have \(limit)"
      )
    }
  }

  /// Publishes to a queue of the service. If the queue is missing, it is declared again first.
  private func publishOrFail(_ message: Message, to queue: String) async throws(RabbitMQError) {
    var outcome = try await publisher.publish(message, routingKey: queue, mandatory: true)
    if outcome != .confirmed {
      _ = try await publisher.withConnection { connection throws(RabbitMQError) in
        try await topology.declare(on: connection)
      }
      outcome = try await publisher.publish(message, routingKey: queue, mandatory: true)
    }
    guard outcome == .confirmed else {
      throw RabbitMQError(.notAcknowledged, "the queue \(queue) does not exist", replyCode: 312)
    }
  }

  /// Removes properties that must not be republished. The broker would refuse the `user-id` of another user, `CC` and
  /// `BCC` would route copies, and with old `x-death` entries the broker would take the retry for a cycle and drop it.
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

extension Message {
  /// Removes the body. Headers record the removal and the original size.
  mutating func cutBody() {
    properties.headers[HeaderName.bodyCut] = true
    properties.headers[HeaderName.bodyByteCount] = .integer(Int64(bodyByteCount))
    self = Message(properties: properties, body: Data())
  }
}
