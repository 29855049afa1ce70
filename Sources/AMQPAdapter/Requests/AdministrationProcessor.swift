import Foundation
import Logging
import RabbitMQ
import SpeechCore

/// Answers the voice and configuration queues. These requests are short, so a failure is answered with an error and not
/// retried.
struct AdministrationProcessor: Sendable {
  enum Operation: Sendable, CaseIterable {
    case listVoices, registerVoice, deleteVoice, listLexicons, putLexicon, deleteLexicon, configuration

    func queue(_ names: QueueNames) -> String {
      switch self {
      case .listVoices: names.listVoices
      case .registerVoice: names.registerVoice
      case .deleteVoice: names.deleteVoice
      case .listLexicons: names.listLexicons
      case .putLexicon: names.putLexicon
      case .deleteLexicon: names.deleteLexicon
      case .configuration: names.configuration
      }
    }

    /// The action in the audit records; nil for read-only operations, which have no record.
    var action: AuditRecord.Action? {
      switch self {
      case .registerVoice: .registerVoice
      case .deleteVoice: .deleteVoice
      case .putLexicon: .putLexicon
      case .deleteLexicon: .deleteLexicon
      case .listVoices, .listLexicons, .configuration: nil
      }
    }

    /// The action in the audit records of a queue's requests; nil for requests without a record. Services with other
    /// names for their synthesis queues share the dead letters, so each unknown queue counts as one of them.
    static func action(ofQueue queue: String, _ names: QueueNames) -> AuditRecord.Action? {
      if let operation = allCases.first(where: { $0.queue(names) == queue }) { return operation.action }
      return queue == names.deadIncoming ? nil : .synthesize
    }
  }

  let operation: Operation
  let bus: BusContext

  func process(_ delivered: SpeechRequest) async -> Settlement {
    var request = delivered
    let logger = bus.logger.with(request)
    var failure: SpeechError?
    var body = Data()
    do throws(SpeechError) {
      body = try await answer(&request)
    } catch {
      failure = error
      request.context.span?.fail(error)
    }
    do throws(RabbitMQError) {
      if let failure {
        logger.info("answered with an error", metadata: ["code": "\(failure.code.rawValue)"])
        do throws(SpeechError) {
          body = try ReplyBody.encode(failure, for: request)
        } catch {
          body = Data()
        }
      }
      if try await bus.replies.deliver(body, errorCode: failure?.code, to: request, logger) == .requesterGone {
        if request.replyTo != nil {
          bus.replies.noteGone(request, logger)
        } else {
          let error = failure ?? SpeechError(.invalidRequest, "the request needs reply_to")
          try await bus.replies.deadLetter(request.delivery.message, request, error)
        }
      }
      return .acknowledge
    } catch {
      logger.error("can't publish the reply; the request returns to its queue", metadata: ["error": "\(error)"])
      return .requeue
    }
  }

  private func answer(_ request: inout SpeechRequest) async throws(SpeechError) -> Data {
    defer { request.memory?.release() }
    switch operation {
    case .listVoices:
      // A body that is no object is ignored, as in the other requests without fields.
      let isObject = try readEnvelope(of: &request)
      let list = isObject ? try await decoded(VoiceListRequest.self, &request) : nil
      guard let list, let name = list.exported else {
        return try encode(request, ReplyBody.VoiceList(voices: try await bus.handler.voices()))
      }
      let exported = try await bus.handler.exportVoice(name, format: list.format, context: request.context)
      return try encode(request, ReplyBody.VoiceList(voices: [exported.voice], latents: exported.file))
    case .configuration:
      try readEnvelope(of: &request)
      return try encode(request, try await bus.handler.configuration())
    case .registerVoice:
      let registration = try await decoded(VoiceRegistration.self, &request)
      let voice = try await bus.handler.registerVoice(registration, context: context(of: request))
      return try encode(request, voice, warnings: registration.warnings)
    case .deleteVoice:
      let deletion = try await decoded(VoiceDeletion.self, &request)
      try await bus.handler.deleteVoice(
        id: deletion.voiceID, removesAudio: deletion.removesAudio, context: request.context)
      return try encode(request, ReplyBody.DeletedVoice(voiceID: deletion.voiceID))
    case .listLexicons:
      try readEnvelope(of: &request)
      return try encode(request, ["lexicons": try await bus.handler.lexicons()])
    case .putLexicon:
      let draft = try await decoded(LexiconDraft.self, &request)
      let stored = try await bus.handler.putLexicon(try draft.lexicon(), context: request.context).lexicon
      return try encode(request, stored, warnings: draft.warnings)
    case .deleteLexicon:
      let id = try await decoded(LexiconDeletion.self, &request).id
      try await bus.handler.deleteLexicon(id: id, context: request.context)
      return try encode(request, ["lexicon_id": id])
    }
  }

  /// The context of a request. A registration without an idempotency key gets a key that is computed from the message,
  /// so that a redelivery after the loss of a worker does not register a second voice.
  private func context(of request: SpeechRequest) -> RequestContext {
    var context = request.context
    guard context.idempotencyKey == nil else { return context }
    context.deliveryKey = RequestContext.DeliveryKey(
      parts: [
        Data((request.replyTo ?? "").utf8), request.correlationID?.bytes ?? Data(), request.delivery.message.body,
      ],
      isRedelivered: request.delivery.redelivered)
    return context
  }

  /// Ignores all other members of the body.
  /// - Returns: whether the body is a JSON object.
  @discardableResult
  private func readEnvelope(of request: inout SpeechRequest) throws(SpeechError) -> Bool {
    try request.checkSize(maximumBytes: bus.configuration.maxRequestBytes)
    return (try? request.decoded(EmptyRequest.self, maximumBytes: bus.configuration.maxRequestBytes)) != nil
  }

  /// Decodes a body. A body that can't be read is recorded in the audit as a failed request, if its action is recorded.
  private func decoded<Body: RequestMessage>(
    _ type: Body.Type, _ request: inout SpeechRequest
  ) async throws(SpeechError) -> Body {
    let maximumBytes = bus.configuration.maxRequestBytes
    do throws(SpeechError) {
      try request.checkSize(maximumBytes: maximumBytes)
      // Packed bodies count as the largest that they may unpack to.
      let count = request.isPacked ? maximumBytes : request.delivery.message.bodyByteCount
      try await request.memory?.wait(for: min(bus.budgets.bodies.limit, MemoryBudgets.countedBytes(ofBody: count)))
      return try request.decoded(type, maximumBytes: maximumBytes)
    } catch {
      if let action = operation.action {
        try await bus.handler.recordRefusal(error, of: action, context: request.context)
      }
      throw error
    }
  }

  private func encode(
    _ request: SpeechRequest, _ payload: some Encodable, warnings: [String]? = nil
  ) throws(SpeechError) -> Data {
    let body = try ReplyBody.encode(
      ReplyBody.Answer(requestID: request.context.requestID, payload: payload, warnings: warnings), for: request)
    guard bus.replies.sender.fits(body) else {
      throw SpeechError(
        .replyTooLarge, "the reply has \(body.count) bytes; the broker takes \(bus.replies.sender.maxMessageBytes)")
    }
    return body
  }
}
