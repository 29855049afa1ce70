import Foundation
import Logging
import RabbitMQ
import SpeechCore

/// Delivers replies that a requester's queue refused before. They have their own queue and prefetch, so that they take
/// no capacity from the requests.
struct RefusedReplyProcessor: Sendable {
  let replies: ReplyDelivery
  let logger: Logger

  func process(_ request: SpeechRequest) async -> Settlement {
    let logger = logger.with(request)
    do throws(RabbitMQError) {
      guard let refused = RefusedReply(request.delivery.message) else {
        let error = SpeechError(.invalidRequest, "this queue is the service's own; requests go to other queues")
        try await replies.deadLetter(request.delivery.message, request, error)
        return .acknowledge
      }
      try await replies.retry(refused, request, logger)
      return .acknowledge
    } catch {
      logger.error("can't deliver a refused reply; it returns to its queue", metadata: ["error": "\(error)"])
      return .requeue
    }
  }
}
