import Foundation
import Logging
import RabbitMQ
import SpeechCore
import SpeechService

extension RequestProcessor {
  /// Postpones a request whose user already has enough waiting requests here.
  func postpone(_ request: SpeechRequest) async -> Settlement {
    let headers = request.delivery.message.properties.headers
    let postponements = Int(clamping: headers[HeaderName.postponements]?.integerValue ?? 0)
    let decision = PostponePolicy(delays: bus.configuration.retryDelays).decision(
      postponements: postponements, deadline: request.context.deadline, hasReplyTo: request.replyTo != nil,
      now: .now, refusal: request.fitsMemory ? AdmissionControl.shareExhausted : bus.budgets.bodies.exhausted())
    let logger = bus.logger.with(request)
    do throws(RabbitMQError) {
      switch decision {
      case .wait(let delay):
        try await bus.replies.sender.delay(
          request, by: delay, counting: HeaderName.postponements, min(max(postponements, 0), 1 << 20) + 1)
        if request.fitsMemory { bus.observe(.postponed) }
      case .refuse(let error):
        if request.fitsMemory { bus.observe(.userRefused) }
        let error = await record(error, request)
        guard request.replyTo != nil else {
          try await park(request, error)
          break
        }
        if try await reply(error, to: request, nil, logger) == .requesterGone { bus.replies.noteGone(request, logger) }
      }
      return .acknowledge
    } catch {
      return error.code == .unencodable ? await refuseHeaders(of: request, logger) : .requeue
    }
  }

  /// Refuses a request whose headers leave no room for another one, so that it can't be published again.
  func refuseHeaders(of request: SpeechRequest, _ logger: Logger) async -> Settlement {
    let error = await record(Self.headersTooLarge, request)
    do throws(RabbitMQError) {
      try await parkAndTell(request, error, nil, logger)
      return .acknowledge
    } catch {
      return .requeue
    }
  }

  /// Records the refusal. Returns the error for the requester: the refusal, or the error of the failed record.
  func record(_ refusal: SpeechError, _ request: SpeechRequest) async -> SpeechError {
    do throws(SpeechError) {
      try await bus.handler.recordRefusal(refusal, of: .synthesize, context: request.context)
      return refusal
    } catch {
      return error
    }
  }
}
