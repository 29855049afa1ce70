import Foundation
import RabbitMQ

/// Lists, requeues and deletes dead-lettered messages, for an operator.
///
/// Each operation takes the messages from the queue and returns them, so concurrent operations see only a part of them.
public struct DeadLetters: Sendable {
  /// Selects the messages of an operation by equal values; nil fields match all. The default selects every message.
  public struct Selection: Sendable, Equatable {
    var messageID: String?
    var correlationID: String?
    var errorCode: String?
    var originalQueue: String?

    public init(
      messageID: String? = nil, correlationID: String? = nil, errorCode: String? = nil, originalQueue: String? = nil
    ) {
      self.messageID = messageID
      self.correlationID = correlationID
      self.errorCode = errorCode
      self.originalQueue = originalQueue
    }

    func matches(_ letter: DeadLetter) -> Bool {
      (messageID == nil || messageID == letter.messageID)
        && (correlationID == nil || correlationID == letter.correlationID)
        && (errorCode == nil || errorCode == letter.errorCode)
        && (originalQueue == nil || originalQueue == letter.originalQueue)
    }
  }

  private let connection: Connection
  private let publishing: Connection
  private let names: QueueNames
  /// The largest number of messages that one operation reads.
  private let limit: Int

  /// - Parameters:
  ///   - connection: receives the messages. If it only receives, it reads those whose headers the broker made larger
  ///     than a frame.
  ///   - publishing: sends messages back to their queues; nil: `connection`.
  public init(connection: Connection, publishing: Connection? = nil, names: QueueNames, limit: Int = 10_000) {
    self.connection = connection
    self.publishing = publishing ?? connection
    self.names = names
    self.limit = limit
  }

  /// Lists the selected messages, the oldest first. They stay in the queue.
  public func list(_ selection: Selection = Selection()) async throws(RabbitMQError) -> [DeadLetter] {
    var letters: [DeadLetter] = []
    _ = try await visit { letter, _ throws(RabbitMQError) in
      if selection.matches(letter) { letters.append(letter) }
      return false
    }
    return letters
  }

  /// Sends the selected messages to their original queues as new requests, and returns their number. A message without
  /// its whole body stays, because it would become another request.
  public func requeue(_ selection: Selection) async throws(RabbitMQError) -> Int {
    let channel = try await publishing.openChannel()
    try await channel.selectConfirms()
    let count = try await visit { letter, message throws(RabbitMQError) in
      guard selection.matches(letter), letter.isWhole, !message.isBodyTooLarge else { return false }
      let queue = letter.originalQueue ?? names.synthesize
      var message = ReplySender.republishable(message)
      for header in [
        HeaderName.attempts, HeaderName.errorCode, HeaderName.errorMessage, HeaderName.originalQueue,
        HeaderName.deadline, HeaderName.headersCut, HeaderName.deadAt, HeaderName.lostWorkers,
      ] {
        message.properties.headers[header] = nil
      }
      guard try await channel.publish(message, routingKey: queue, mandatory: true) == .confirmed else {
        throw RabbitMQError(.channelClosed, "the queue \(queue) does not exist", replyCode: 312)
      }
      return true
    }
    await channel.close()
    return count
  }

  /// Deletes the selected messages and returns their number.
  public func drop(_ selection: Selection) async throws(RabbitMQError) -> Int {
    try await visit { letter, _ throws(RabbitMQError) in selection.matches(letter) }
  }

  /// Passes each message that is in the queue now to `settle`. Messages for which it returns true leave the queue; the
  /// others return to it. Returns the number of messages that left.
  private func visit(
    _ settle: (DeadLetter, Message) async throws(RabbitMQError) -> Bool
  ) async throws(RabbitMQError) -> Int {
    let channel = try await connection.openChannel()
    let count = min(limit, try await channel.inspect(queue: names.dead).messageCount)
    var kept: [UInt64] = []
    var settledCount = 0
    for _ in 0..<count {
      guard let delivery = try await channel.get(queue: names.dead) else { break }
      if try await settle(DeadLetter(delivery.message), delivery.message) {
        channel.acknowledge(delivery.deliveryTag)
        settledCount += 1
      } else {
        kept.append(delivery.deliveryTag)
      }
    }
    for tag in kept { channel.reject(tag, requeue: true) }
    await channel.close()
    return settledCount
  }
}

/// A request that could not be answered, with the start of its text in place of its body.
public struct DeadLetter: Sendable, Equatable, Encodable {
  /// As the requester sent it.
  public var messageID: String?
  /// As the requester sent it.
  public var correlationID: String?
  /// A code of ``SpeechError``, or the broker's reason.
  public var errorCode: String?
  /// One sentence for the operator.
  public var errorMessage: String?
  /// Failed attempts.
  var attempts: Int?
  /// The queue that it came from; nil when unknown.
  public var originalQueue: String?
  var replyTo: String?
  /// The time at which it was dead-lettered; nil when unknown.
  public var deadAt: Date?
  /// The first characters of the text to speak; nil for other requests and unreadable bodies.
  public var text: String?
  /// The size of the body that the requester sent.
  var bytes: Int
  /// Whether the whole body is stored. A body that was too long to be read is not.
  var isWhole: Bool

  private struct Body: Decodable { var text: String? }
  private static let maximumText = 80

  /// Messages that the broker dead-lettered itself (expired, or over the delivery limit) have their reason in
  /// `x-death`.
  init(_ message: Message) {
    let headers = message.properties.headers
    let death = MessageDeath(headers)
    messageID = message.properties.messageID?.text
    correlationID = message.properties.correlationID?.text
    errorCode = headers[HeaderName.errorCode]?.stringValue ?? death?.reason
    errorMessage =
      headers[HeaderName.errorMessage]?.stringValue
      ?? death.map { "the broker dead-lettered it: \($0.reason)" }
    attempts = headers[HeaderName.attempts]?.integerValue.map(Int.init(clamping:))
    originalQueue = headers[HeaderName.originalQueue]?.stringValue ?? death?.queue
    deadAt = MessageDeath.time(headers)
    replyTo = message.properties.replyTo
    let body = try? JSONDecoder().decode(Body.self, from: message.body)
    text = body?.text.map { String($0.prefix(Self.maximumText)) }
    isWhole = headers[HeaderName.bodyCut]?.boolValue != true
    bytes = headers[HeaderName.bodyByteCount]?.integerValue.map { Int(clamping: $0) } ?? message.bodyByteCount
  }

  private enum CodingKeys: String, CodingKey {
    case attempts, bytes, text
    case isWhole = "body_is_whole"
    case deadAt = "dead_at"
    case messageID = "message_id"
    case correlationID = "correlation_id"
    case errorCode = "error_code"
    case errorMessage = "error_message"
    case originalQueue = "original_queue"
    case replyTo = "reply_to"
  }
}
