import Foundation
import RabbitMQ
import SpeechCore

extension RequestProcessor {
  /// Sends a request back whose user has enough waiting here, or whose body is too much to hold now.
  func postpone(_ request: FetchedRequest) async -> Settlement {
    let envelope = request.envelope
    let headers = request.delivery.message.properties.headers
    let postponements = Int(clamping: headers[HeaderName.postponements]?.integerValue ?? 0)
    let decision = PostponePolicy(delays: configuration.retryDelays).decision(
      postponements: postponements, deadline: envelope.deadline, hasReplyTo: envelope.replyTo != nil,
      now: envelope.time(), refusal: request.fitsMemory ? PostponePolicy.refusal : budgets.bodies.exhausted())
    do throws(RabbitMQError) {
      switch decision {
      case .wait(let delay):
        try await sender.postpone(
          request.delivery.message, envelope, after: delay, postponements: min(max(postponements, 0), 1 << 20) + 1)
        if request.fitsMemory { observe(.postponed) }
      case .refuse(let error):
        if request.fitsMemory { observe(.userRefused) }
        let error = await record(error, envelope)
        if try await reply(error, to: envelope, nil) == .requesterGone { try await park(request, error) }
      }
      return .acknowledge
    } catch {
      return .requeue
    }
  }

  /// What the requester is told: that the record failed, if it did.
  private func record(_ refusal: SpeechError, _ envelope: RequestEnvelope) async -> SpeechError {
    do throws(SpeechError) {
      try await handler.recordRefusal(refusal, of: .synthesize, context: envelope.context)
      return refusal
    } catch {
      return error
    }
  }
}
