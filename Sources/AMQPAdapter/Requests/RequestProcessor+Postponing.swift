import Foundation
import Logging
import RabbitMQ
import SpeechCore

extension RequestProcessor {
  /// Postpones a request whose user already has enough waiting requests here.
  func postpone(_ request: FetchedRequest) async -> Settlement {
    let envelope = request.envelope
    let headers = request.delivery.message.properties.headers
    let postponements = Int(clamping: headers[HeaderName.postponements]?.integerValue ?? 0)
    let decision = PostponePolicy(delays: configuration.retryDelays).decision(
      postponements: postponements, deadline: envelope.deadline, hasReplyTo: envelope.replyTo != nil,
      now: envelope.time(), refusal: request.fitsMemory ? PostponePolicy.refusal : budgets.bodies.exhausted())
    var logger = logger
    logger.add(envelope)
    do throws(RabbitMQError) {
      switch decision {
      case .wait(let delay):
        try await sender.postpone(
          request.delivery.message, envelope, after: delay, postponements: min(max(postponements, 0), 1 << 20) + 1)
        if request.fitsMemory { observe(.postponed) }
      case .refuse(let error):
        if request.fitsMemory { observe(.userRefused) }
        let error = await record(error, envelope)
        guard envelope.replyTo != nil else {
          try await park(request, error)
          break
        }
        if try await reply(error, to: request, nil, logger) == .requesterGone { replies.noteGone(envelope, logger) }
      }
      return .acknowledge
    } catch {
      return error.code == .unencodable ? await refuseHeaders(of: request, logger) : .requeue
    }
  }

  /// Refuses a request whose headers leave no room for the count of its postponements, so that it can't be postponed.
  private func refuseHeaders(of request: FetchedRequest, _ logger: Logger) async -> Settlement {
    let error = await record(Self.headersTooLarge, request.envelope)
    do throws(RabbitMQError) {
      try await parkAndTell(request, error, nil, logger)
      return .acknowledge
    } catch {
      return .requeue
    }
  }

  /// Records the refusal. Returns the error for the requester: the refusal, or the error of the failed record.
  private func record(_ refusal: SpeechError, _ envelope: RequestEnvelope) async -> SpeechError {
    do throws(SpeechError) {
      try await handler.recordRefusal(refusal, of: .synthesize, context: envelope.context)
      return refusal
    } catch {
      return error
    }
  }
}
