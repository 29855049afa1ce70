import Foundation
import RabbitMQ
import SpeechCore

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
    try await withConfirms { channel throws(RabbitMQError) in
      try await visit { letter, message throws(RabbitMQError) in
        guard selection.matches(letter), letter.isWhole, !message.isBodyTooLarge else { return false }
        try await publish(message, of: letter, on: channel)
        return true
      }
    }
  }

  /// Deletes the selected messages and returns their number.
  public func drop(_ selection: Selection) async throws(RabbitMQError) -> Int {
    try await visit { letter, _ throws(RabbitMQError) in selection.matches(letter) }
  }

  /// Requeues or drops one message, as ``QueueOperations/settle(_:by:record:)`` describes it.
  func settle(
    _ id: String, by settlement: DeadLetterSettlement, record: (DeadLetter) async throws(SpeechError) -> Void
  ) async throws(RabbitMQError) -> Result<DeadLetter?, SpeechError> {
    var result = Result<DeadLetter?, SpeechError>.success(nil)
    try await withConfirms { channel throws(RabbitMQError) in
      _ = try await visit { letter, message throws(RabbitMQError) in
        guard case .success(nil) = result else { return nil }
        guard letter.id == id || letter.messageID == id else { return false }
        if settlement == .requeue {
          guard letter.isWhole, !message.isBodyTooLarge else {
            result = .failure(
              SpeechError(.invalidRequest, "the body of the message is too long; it can only be dropped"))
            return false
          }
          try await publish(message, of: letter, on: channel)
        }
        do throws(SpeechError) {
          try await record(letter)
        } catch {
          result = .failure(error)
          return false
        }
        result = .success(letter)
        return true
      }
    }
    return result
  }

  private func publish(_ message: Message, of letter: DeadLetter, on channel: Channel) async throws(RabbitMQError) {
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
  }

  private func withConfirms<Value: Sendable>(
    _ body: (Channel) async throws(RabbitMQError) -> Value
  ) async throws(RabbitMQError) -> Value {
    try await publishing.withChannel { channel throws(RabbitMQError) in
      try await channel.selectConfirms()
      return try await body(channel)
    }
  }

  /// Passes each message that is in the queue now to `settle`. Messages for which it returns true leave the queue; the
  /// others return to it, and nil also ends the visit. Returns the number of messages that left.
  private func visit(
    _ settle: (DeadLetter, Message) async throws(RabbitMQError) -> Bool?
  ) async throws(RabbitMQError) -> Int {
    let (settled, kept) = try await connection.withChannel { channel throws(RabbitMQError) in
      let count = min(limit, try await channel.inspect(queue: names.dead).messageCount)
      var kept: [UInt64] = []
      var settledCount = 0
      for _ in 0..<count {
        guard let delivery = try await channel.get(queue: names.dead) else { break }
        let isSettled = try await settle(DeadLetter(delivery.message), delivery.message)
        if isSettled == true {
          channel.acknowledge(delivery.deliveryTag)
          settledCount += 1
        } else {
          kept.append(delivery.deliveryTag)
        }
        if isSettled == nil { break }
      }
      for tag in kept { channel.reject(tag, requeue: true) }
      return (settledCount, kept.count)
    }
    try await waitForReturn(of: kept)
    return settled
  }

  /// A queue shows returned messages a moment later, and the next operation would miss them.
  private func waitForReturn(of kept: Int) async throws(RabbitMQError) {
    try await connection.withChannel { channel throws(RabbitMQError) in
      for _ in 0..<20 where try await channel.inspect(queue: names.dead).messageCount < kept {
        try? await Task.sleep(for: .milliseconds(50))
      }
    }
  }
}

extension DeadLetter {
  private struct Body: Decodable { var text: String? }
  private static let maximumText = 80

  /// Messages that the broker dead-lettered itself (expired, or over the delivery limit) have their reason in
  /// `x-death`.
  init(_ message: Message) {
    let (properties, headers) = (message.properties, message.properties.headers)
    let death = MessageDeath(headers)
    let queue = headers[HeaderName.originalQueue]?.stringValue ?? death?.queue
    let parts = [properties.messageID?.text, properties.correlationID?.text, properties.replyTo, queue]
    self.init(
      id: String(SHA256.hash(parts: parts.map { Data(($0 ?? "").utf8) } + [message.body]).hexadecimal.prefix(32)),
      bytes: headers[HeaderName.bodyByteCount]?.integerValue.map { Int(clamping: $0) } ?? message.bodyByteCount,
      isWhole: headers[HeaderName.bodyCut]?.boolValue != true)
    messageID = properties.messageID?.text
    correlationID = properties.correlationID?.text
    errorCode = headers[HeaderName.errorCode]?.stringValue ?? death?.reason
    errorMessage =
      headers[HeaderName.errorMessage]?.stringValue
      ?? death.map { "the broker dead-lettered it: \($0.reason)" }
    attempts = headers[HeaderName.attempts]?.integerValue.map(Int.init(clamping:))
    originalQueue = queue
    deadAt = MessageDeath.time(headers)
    replyTo = properties.replyTo
    let body = try? JSONDecoder().decode(Body.self, from: message.body)
    text = body?.text.map { String($0.prefix(Self.maximumText)) }
  }
}
