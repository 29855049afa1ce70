import Foundation
import Logging
import RabbitMQ
import SpeechCore

/// Delivers finished replies. A reply that the requester's queue refuses waits in a separate queue of the broker; a
/// reply that can't be delivered becomes a dead letter.
struct ReplyDelivery: Sendable {
  let sender: ReplySender
  let policy: RefusedReplyPolicy
  let observe: @Sendable (AMQPEvent) -> Void

  /// The outcome of a delivery. Each case is final, so the request's delivery can be acknowledged.
  enum Outcome: Sendable, Equatable {
    case delivered
    /// The reply waits for its next attempt, or was dead-lettered.
    case refused
    /// The reply queue no longer exists; no further action was taken.
    case requesterGone
  }

  /// Sends a reply for the first time.
  /// - Parameter errorCode: the code of an error reply; nil for a success.
  func deliver(
    _ body: Data, errorCode: SpeechError.Code? = nil, position: ReplySender.Position? = nil,
    to request: SpeechRequest, _ logger: Logger
  ) async throws(RabbitMQError) -> Outcome {
    let began = ContinuousClock.now
    let outcome = try await sender.reply(body, to: request, position: position)
    request.context.record(
      TraceConvention.publish, ofKind: .producer, from: began, to: .now,
      TraceConvention.messaging(
        "send", named: "publish", destination: request.replyTo.map { String($0.prefix(255)) } ?? "",
        conversation: request.correlationID?.text, bodyBytes: body.count))
    switch outcome {
    case .delivered:
      observe(.answered(error: errorCode, seconds: request.context.age))
      return .delivered
    case .requesterGone: return .requesterGone
    case .refused:
      let refused = RefusedReply(
        body: body, position: position, errorCode: errorCode?.rawValue, refusals: 1,
        request: request.delivery.message, originalQueue: request.queue)
      try await hold(refused, request, logger)
      return .refused
    }
  }

  /// Sends a reply again that was refused before.
  /// - Parameter delivery: the delivery that holds the refused reply.
  func retry(_ refused: RefusedReply, _ delivery: SpeechRequest, _ logger: Logger) async throws(RabbitMQError) {
    switch try await sender.reply(refused.body, to: delivery, position: refused.position) {
    case .delivered:
      observe(
        .answered(
          error: refused.errorCode.map { SpeechError.Code(rawValue: $0) ?? .internal }, seconds: delivery.context.age))
      logger.info(
        "answered; the reply had been refused before", metadata: ["refusals": .stringConvertible(refused.refusals)])
    case .requesterGone: noteGone(delivery, logger)
    case .refused:
      var refused = refused
      refused.refusals += 1
      try await hold(refused, delivery, logger)
    }
  }

  /// Queues a refused reply for its next attempt, or dead-letters it.
  private func hold(
    _ refused: RefusedReply, _ delivery: SpeechRequest, _ logger: Logger
  ) async throws(RabbitMQError) {
    observe(.replyRefused)
    let decision = policy.decision(refusals: refused.refusals, deadline: delivery.context.deadline, now: .now)
    if case .wait(let delay) = decision, try await sender.hold(refused, delivery, for: delay) {
      logger.warning(
        "the requester's queue refused the reply; it will be sent again",
        metadata: ["refusals": .stringConvertible(refused.refusals), "delay": "\(delay)"])
      return
    }
    logger.error("the reply is dead-lettered", metadata: ["refusals": .stringConvertible(refused.refusals)])
    try await deadLetter(refused, delivery, RefusedReplyPolicy.error)
  }

  /// Counts and logs a requester that went away. Its request is not a dead letter.
  func noteGone(_ request: SpeechRequest, _ logger: Logger) {
    observe(.skipped(.requesterGone))
    logger.info("the requester is gone", metadata: ["reply_to": "\(request.replyTo?.prefix(80) ?? "none")"])
  }

  private func deadLetter(
    _ refused: RefusedReply, _ delivery: SpeechRequest, _ error: SpeechError
  ) async throws(RabbitMQError) {
    var delivery = delivery
    delivery.queue = refused.originalQueue
    try await deadLetter(refused.request, delivery, error)
  }

  /// Dead-letters a message.
  /// - Parameter delivery: the request that the message belongs to.
  func deadLetter(
    _ request: Message, _ delivery: SpeechRequest, _ error: SpeechError
  ) async throws(RabbitMQError) {
    try await sender.deadLetter(request, delivery, error: error)
    observe(.deadLettered(error: error.code))
  }
}
