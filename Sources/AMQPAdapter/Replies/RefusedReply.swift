import Foundation
import RabbitMQ
import SpeechCore

/// A finished reply that the requester's queue refused, together with its request. It waits in a queue of the broker,
/// so that any worker can deliver it later without synthesising it again.
struct RefusedReply: Sendable, Equatable {
  var body: Data
  var position: ReplySender.Position?
  /// The code of an error reply; nil for a success.
  var errorCode: String?
  /// The number of times that the requester's queue refused the reply.
  var refusals: Int
  /// The request, for the dead letters.
  var request: Message
  /// The queue that the request came from.
  var originalQueue: String
}

extension RefusedReply {
  /// The reply and its request as one message. It has the properties of the request; its body is the reply followed by
  /// the request's body.
  /// - Parameter maximumByteCount: the largest message that the broker accepts. If the request's body would exceed it,
  ///   the body is omitted and the message is marked as cut.
  func message(maximumByteCount: Int) -> Message {
    var request = ReplySender.republishable(request)
    if request.isBodyTooLarge || body.count + request.body.count > maximumByteCount { request.cutBody() }
    var properties = request.properties
    properties.headers[HeaderName.replyByteCount] = .integer(Int64(body.count))
    properties.headers[HeaderName.replyRefusals] = .integer(Int64(refusals))
    properties.headers[HeaderName.originalQueue] = .string(originalQueue)
    if let errorCode { properties.headers[HeaderName.errorCode] = .string(errorCode) }
    if let position { position.write(to: &properties.headers) }
    return Message(properties: properties, body: body + request.body)
  }

  /// - Returns: nil for a message that ``message(maximumByteCount:)`` did not create.
  init?(_ message: Message) {
    var headers = message.properties.headers
    guard let count = headers[HeaderName.replyByteCount]?.integerValue.flatMap({ Int(exactly: $0) }),
      (0...message.body.count).contains(count), !message.isBodyTooLarge
    else { return nil }
    body = Data(message.body.prefix(count))
    position = ReplySender.Position(headers)
    errorCode = headers[HeaderName.errorCode]?.stringValue
    refusals = max(1, headers[HeaderName.replyRefusals]?.integerValue.map { Int(clamping: $0) } ?? 1)
    originalQueue = headers[HeaderName.originalQueue]?.stringValue ?? ""
    for name in [
      HeaderName.replyByteCount, HeaderName.replyRefusals, HeaderName.errorCode, HeaderName.originalQueue,
      HeaderName.sequence, HeaderName.isFinal,
    ] {
      headers[name] = nil
    }
    request = Message(properties: message.properties, body: Data(message.body.dropFirst(count)))
    request.properties.headers = headers
  }
}

/// Decides when a refused reply is sent again: a pure function of the refusals and the deadline.
struct RefusedReplyPolicy: Sendable, Equatable {
  enum Decision: Sendable, Equatable {
    case wait(Duration)
    case deadLetter
  }

  /// The number of attempts after which a reply is dead-lettered.
  static let maximumAttempts = 3

  /// The pause between two attempts.
  var delay: Duration

  /// - Parameter refusals: at least 1.
  func decision(refusals: Int, deadline: ContinuousClock.Instant?, now: ContinuousClock.Instant) -> Decision {
    guard refusals < Self.maximumAttempts else { return .deadLetter }
    guard let deadline else { return .wait(delay) }
    return deadline > now ? .wait(min(delay, deadline - now)) : .deadLetter
  }

  static let error = SpeechError(
    .replyRefused, "the queue in reply_to refused the reply \(maximumAttempts) times, or until the deadline")
}
