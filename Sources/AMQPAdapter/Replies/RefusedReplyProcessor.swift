import Foundation
import Logging
import RabbitMQ
import SpeechCore

/// Delivers replies that a requester's queue refused before. It has a queue and a prefetch of its own, so refused
/// replies take nothing from the requests.
struct RefusedReplyProcessor: Sendable {
  let replies: ReplyDelivery
  let logger: Logger

  func process(_ request: FetchedRequest) async -> Settlement {
    var logger = logger
    logger.add(request.envelope)
    do throws(RabbitMQError) {
      guard let refused = RefusedReply(request.delivery.message) else {
        let error = SpeechError(.invalidRequest, "this queue is the service's own; requests go to other queues")
        try await replies.deadLetter(request.delivery.message, request.envelope, error)
        return .acknowledge
      }
      try await replies.retry(refused, request.envelope, logger)
      return .acknowledge
    } catch {
      logger.error("a refused reply can't be delivered; it goes back", metadata: ["error": "\(error)"])
      return .requeue
    }
  }
}
