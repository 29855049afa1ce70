import Foundation
import Logging
import RabbitMQ
import SpeechCore

/// Answers the voice and configuration queues. These requests are short, so a failure is answered with an error and not
/// retried.
struct AdministrationProcessor: Sendable {
  enum Operation: Sendable, CaseIterable {
    case listVoices, registerVoice, deleteVoice, configuration

    func queue(_ names: QueueNames) -> String {
      switch self {
      case .listVoices: names.listVoices
      case .registerVoice: names.registerVoice
      case .deleteVoice: names.deleteVoice
      case .configuration: names.configuration
      }
    }

    /// The action in the audit records; nil for read-only operations, which have no record.
    var action: AuditRecord.Action? {
      switch self {
      case .registerVoice: .registerVoice
      case .deleteVoice: .deleteVoice
      case .listVoices, .configuration: nil
      }
    }
  }

  let operation: Operation
  let handler: any SpeechRequestHandler
  let replies: ReplyDelivery
  let bodies: ByteBudget
  let maxRequestBytes: Int
  let logger: Logger
  let observe: @Sendable (AMQPEvent) -> Void

  private struct Deletion: Decodable {
    var voiceID: String
    private enum CodingKeys: String, CodingKey { case voiceID = "voice_id" }
  }

  func process(_ request: FetchedRequest) async -> Settlement {
    let envelope = request.envelope
    var logger = logger
    logger.add(envelope)
    var failure: SpeechError?
    var body = Data()
    do throws(SpeechError) {
      body = try await answer(request)
    } catch {
      failure = error
    }
    do throws(RabbitMQError) {
      if let failure {
        logger.info("answered with an error", metadata: ["code": "\(failure.code.rawValue)"])
        do throws(SpeechError) {
          body = try ReplyBody.encode(ErrorReply(requestID: envelope.requestID, error: failure))
        } catch {
          body = Data()
        }
      }
      if try await replies.deliver(body, errorCode: failure?.code, to: request, logger) == .requesterGone {
        if envelope.replyTo != nil {
          replies.noteGone(envelope, logger)
        } else {
          let error = failure ?? SpeechError(.invalidRequest, "the request needs reply_to")
          try await replies.deadLetter(request.delivery.message, envelope, error)
        }
      }
      return .acknowledge
    } catch {
      logger.error("can't publish the reply; the request returns to its queue", metadata: ["error": "\(error)"])
      return .requeue
    }
  }

  private func answer(_ request: FetchedRequest) async throws(SpeechError) -> Data {
    let (envelope, message) = (request.envelope, request.delivery.message)
    guard message.bodyByteCount <= maxRequestBytes, !message.isBodyTooLarge else {
      let error = SpeechError(
        .invalidRequest, "the request has \(message.bodyByteCount) bytes; at most \(maxRequestBytes) are read")
      if let action = operation.action {
        try await handler.recordRefusal(error, of: action, context: envelope.context)
      }
      throw error
    }
    defer { request.memory.release() }
    try await request.memory.wait(for: min(bodies.limit, MemoryBudgets.countedBytes(ofBody: message.bodyByteCount)))
    switch operation {
    case .listVoices: return try encode(envelope, ReplyBody.VoiceList(voices: try await handler.voices()))
    case .configuration: return try encode(envelope, try await handler.configuration())
    case .registerVoice:
      let registration = try await decoded(.registerVoice, envelope) { () throws(SpeechError) in
        try VoiceRegistration.decode(message.body)
      }
      let voice = try await handler.registerVoice(registration, context: context(of: request))
      return try encode(envelope, voice, warnings: registration.warnings)
    case .deleteVoice:
      let id = try await decoded(.deleteVoice, envelope) { () throws(SpeechError) in
        try Self.voiceID(in: message.body)
      }
      try await handler.deleteVoice(id: id, context: envelope.context)
      return try encode(envelope, ReplyBody.DeletedVoice(voiceID: id))
    }
  }

  /// The context of a request. A registration without an idempotency key gets a key that is computed from the message,
  /// so that a redelivery after the loss of a worker does not register a second voice.
  private func context(of request: FetchedRequest) -> RequestContext {
    let envelope = request.envelope
    var context = envelope.context
    guard context.idempotencyKey == nil else { return context }
    context.deliveryKey = RequestContext.DeliveryKey(
      parts: [
        Data((envelope.replyTo ?? "").utf8), envelope.correlationID?.bytes ?? Data(), request.delivery.message.body,
      ],
      isRedelivered: envelope.redelivered)
    return context
  }

  /// Decodes a body. A body that can't be read is recorded in the audit as a failed request of this action.
  private func decoded<Body>(
    _ action: AuditRecord.Action, _ envelope: RequestEnvelope, _ decode: () throws(SpeechError) -> Body
  ) async throws(SpeechError) -> Body {
    do throws(SpeechError) {
      return try decode()
    } catch {
      try await handler.recordRefusal(error, of: action, context: envelope.context)
      throw error
    }
  }

  private func encode(
    _ envelope: RequestEnvelope, _ payload: some Encodable, warnings: [String]? = nil
  ) throws(SpeechError) -> Data {
    let body = try ReplyBody.encode(
      ReplyBody.Answer(requestID: envelope.requestID, payload: payload, warnings: warnings))
    guard replies.sender.fits(body) else {
      throw SpeechError(
        .replyTooLarge, "the reply has \(body.count) bytes; the broker takes \(replies.sender.maxMessageBytes)")
    }
    return body
  }

  private static func voiceID(in body: Data) throws(SpeechError) -> String {
    do {
      return try JSONDecoder().decode(Deletion.self, from: body).voiceID
    } catch DecodingError.dataCorrupted {
      throw SpeechError(.invalidJSON, "the message is not valid UTF-8 JSON")
    } catch {
      throw SpeechError(.invalidRequest, "voice_id must be a string", field: "voice_id")
    }
  }
}
