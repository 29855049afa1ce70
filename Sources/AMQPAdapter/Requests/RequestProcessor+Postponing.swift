import Foundation
import RabbitMQ
import SpeechCore

extension RequestProcessor {
  /// Sends a request back whose user has enough waiting here.
  func postpone(_ request: FetchedRequest) async -> Settlement {
    let envelope = request.envelope
    let headers = request.delivery.message.properties.headers
    let postponements = Int(clamping: headers[HeaderName.postponements]?.integerValue ?? 0)
    let decision = PostponePolicy(delays: configuration.retryDelays).decision(
      postponements: postponements, deadline: envelope.deadline, hasReplyTo: envelope.replyTo != nil,
      now: envelope.time())
    do throws(RabbitMQError) {
      switch decision {
      case .wait(let delay):
        try await sender.postpone(
          request.delivery.message, envelope, after: delay, postponements: min(max(postponements, 0), 1 << 20) + 1)
        observe(.postponed)
      case .refuse(let error):
        observe(.userRefused)
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
