import Foundation
import RabbitMQ

/// What an operator does with requests that could not be answered.
///
/// A look takes the messages from the queue and gives them back, so two looks at once see less each.
public struct DeadLetters: Sendable {
  /// Which letters an operation is about; everything by default.
  public struct Selection: Sendable, Equatable {
    public var messageID: String?
    public var correlationID: String?
    public var errorCode: String?

    public init(messageID: String? = nil, correlationID: String? = nil, errorCode: String? = nil) {
      self.messageID = messageID
      self.correlationID = correlationID
      self.errorCode = errorCode
    }

    func matches(_ letter: DeadLetter) -> Bool {
      (messageID == nil || messageID == letter.messageID)
        && (correlationID == nil || correlationID == letter.correlationID)
        && (errorCode == nil || errorCode == letter.errorCode)
    }
  }

  private let connection: Connection
  private let names: QueueNames
  /// Most letters one operation looks at.
  private let limit: Int

  public init(connection: Connection, names: QueueNames, limit: Int = 10_000) {
    self.connection = connection
    self.names = names
    self.limit = limit
  }

  /// The oldest first. The letters stay.
  public func list() async throws(RabbitMQError) -> [DeadLetter] {
    var letters: [DeadLetter] = []
    _ = try await visit { letter, _, _ throws(RabbitMQError) in
      letters.append(letter)
      return false
    }
    return letters
  }

  /// Sends letters back to the queue they came from, as new requests. Returns how many. A letter without its whole body
  /// stays: it would come back as another request.
  public func requeue(_ selection: Selection) async throws(RabbitMQError) -> Int {
    try await visit { letter, message, channel throws(RabbitMQError) in
      guard selection.matches(letter), letter.isWhole, !message.isBodyTooLarge else { return false }
      let queue = letter.originalQueue ?? names.synthesize
      var message = ReplySender.republishable(message)
      for header in [
        HeaderName.attempts, HeaderName.errorCode, HeaderName.errorMessage, HeaderName.originalQueue,
        HeaderName.deadline, HeaderName.headersCut,
      ] {
        message.properties.headers[header] = nil
      }
      guard try await channel.publish(message, routingKey: queue, mandatory: true) == .confirmed else {
        throw RabbitMQError(.channelClosed, "the queue \(queue) does not exist", replyCode: 312)
      }
      return true
    }
  }

  /// Removes letters for good. Returns how many.
  public func drop(_ selection: Selection) async throws(RabbitMQError) -> Int {
    try await visit { letter, _, _ throws(RabbitMQError) in selection.matches(letter) }
  }

  /// Shows each letter that is there now to `settle`, which says whether it leaves the queue; the others go back.
  private func visit(
    _ settle: (DeadLetter, Message, Channel) async throws(RabbitMQError) -> Bool
  ) async throws(RabbitMQError) -> Int {
    let channel = try await connection.openChannel()
    try await channel.selectConfirms()
    let count = min(limit, try await channel.inspect(queue: names.dead).messageCount)
    var kept: [UInt64] = []
    var settledCount = 0
    for _ in 0..<count {
      guard let delivery = try await channel.get(queue: names.dead) else { break }
      if try await settle(DeadLetter(delivery.message), delivery.message, channel) {
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

/// A request that could not be answered, without its body.
public struct DeadLetter: Sendable, Equatable, Encodable {
  public var messageID: String?
  public var correlationID: String?
  public var errorCode: String?
  public var errorMessage: String?
  public var attempts: Int?
  public var originalQueue: String?
  public var replyTo: String?
  /// Of the body as the requester sent it.
  public var bytes: Int
  /// Whether the whole body is there; one that was too long to be read is left out.
  public var isWhole: Bool

  /// Letters the broker wrote itself (expired, or over the delivery limit) tell the reason in `x-death`.
  init(_ message: Message) {
    let headers = message.properties.headers
    var death: FieldTable = [:]
    if case .array(let deaths)? = headers["x-death"], case .table(let latest)? = deaths.first { death = latest }
    messageID = message.properties.messageID?.text
    correlationID = message.properties.correlationID?.text
    errorCode = headers[HeaderName.errorCode]?.stringValue ?? death["reason"]?.stringValue
    errorMessage =
      headers[HeaderName.errorMessage]?.stringValue
      ?? death["reason"]?.stringValue.map { "the broker dead-lettered it: \($0)" }
    attempts = headers[HeaderName.attempts]?.integerValue.map(Int.init(clamping:))
    originalQueue = headers[HeaderName.originalQueue]?.stringValue ?? death["queue"]?.stringValue
    replyTo = message.properties.replyTo
    isWhole = headers[HeaderName.bodyCut]?.boolValue != true
    bytes = headers[HeaderName.bodyByteCount]?.integerValue.map { Int(clamping: $0) } ?? message.bodyByteCount
  }

  private enum CodingKeys: String, CodingKey {
    case attempts, bytes
    case isWhole = "body_is_whole"
    case messageID = "message_id"
    case correlationID = "correlation_id"
    case errorCode = "error_code"
    case errorMessage = "error_message"
    case originalQueue = "original_queue"
    case replyTo = "reply_to"
  }
}
