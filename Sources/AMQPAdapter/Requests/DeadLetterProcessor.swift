import Foundation
import Logging
import RabbitMQ
import SpeechCore

/// Settles the messages that the broker dead-lettered from the queues of requests and refused replies: answers their
/// requesters, records their end, and keeps in `tts.dead` what a person must look at. The queue `tts.dead` itself has
/// no consumer.
struct DeadLetterProcessor: Sendable {
  /// The number of attempts to write the audit record. Then the message returns to its queue.
  private static let recordAttempts = 5

  let bus: BusContext

  /// The delivery is acknowledged last: after the audit record, the reply and the dead letter are confirmed.
  func process(_ delivered: SpeechRequest) async -> Settlement {
    let death = MessageDeath(delivered.delivery.message.properties.headers)
    var (message, request) = (delivered.delivery.message, delivered)
    let names = bus.configuration.names
    if let death { request.queue = death.queue == names.suspects ? names.synthesize : death.queue }
    var action = AdministrationProcessor.Operation.action(ofQueue: request.queue, names)
    if request.queue == names.refusedReplies, let refused = RefusedReply(message) {
      // The request was recorded when its reply was made.
      (message, request.queue, action) = (refused.request, refused.originalQueue, nil)
    }
    let decision = DeadLetterDecision(
      death, hasReplyTo: request.replyTo != nil, deliveries: bus.configuration.deliveryLimit + 1)
    if decision.error.code == .workerLost { request.context.attempt += bus.configuration.deliveryLimit }
    var logger = bus.logger.with(request)
    logger[metadataKey: "queue"] = "\(request.queue)"
    do {
      if let action { try await record(decision.error, of: action, request) }
      switch decision {
      case .end(let error, let reason):
        if let reason { bus.observe(.skipped(reason)) }
        try await answer(error, request, logger)
        logger.info("ended by the broker", metadata: ["code": "\(error.code.rawValue)"])
      case .keep(let error, let answers):
        if answers { try await answer(error, request, logger) }
        try await bus.replies.deadLetter(message, request, error)
        logger.error(
          "the request is dead-lettered", metadata: ["code": "\(error.code.rawValue)", "error": "\(error.message)"])
      }
      return .acknowledge
    } catch {
      logger.error("can't settle a dead letter; it returns to its queue", metadata: ["error": "\(error)"])
      return .requeue
    }
  }

  private func record(
    _ refusal: SpeechError, of action: AuditRecord.Action, _ request: SpeechRequest
  ) async throws(SpeechError) {
    try await retry { () async throws(SpeechError) in
      try await bus.handler.recordRefusal(refusal, of: action, context: request.context)
    } pause: { _, attempt in
      guard attempt + 1 < Self.recordAttempts else { return nil }
      return bus.configuration.backOff.delay(attempt: attempt, jitter: .random(in: 0..<1))
    }
  }

  /// Sends the error to the requester. If the requester is gone or its queue refuses the reply, nothing else follows.
  private func answer(_ error: SpeechError, _ request: SpeechRequest, _ logger: Logger) async throws {
    var request = request
    _ = try? request.decoded(EmptyRequest.self, maximumBytes: bus.configuration.maxRequestBytes)
    let body = try ReplyBody.encode(error, for: request)
    switch try await bus.replies.sender.reply(body, to: request, attempts: RefusedReplyPolicy.maximumAttempts) {
    case .delivered: bus.observe(.answered(error: error.code, seconds: request.context.age))
    case .requesterGone: logger.debug("no requester to answer")
    case .refused:
      bus.observe(.replyRefused)
      logger.warning("the requester's queue refused the error reply")
    }
  }
}
