import Foundation
import Logging
import RabbitMQ
import SpeechCore
import SpeechService

/// Processes one synthesis request from its delivery to its settlement.
struct RequestProcessor: Sendable {
  let bus: BusContext

  /// The result of the work on a request.
  private enum Work {
    case done(SynthesisReply, StreamedReply?)
    case failed(SpeechError, StreamedReply?)
    /// The request must be requeued.
    case interrupted
    /// The work was skipped or stopped, because the requester is gone.
    case requesterGone
    /// The requester's queue refused a piece of the streamed reply, so the rest can't be delivered.
    case streamRefused
  }

  /// Does the work of a request, if there is any. The returned steps (reply, settlement) need no slot.
  /// - Parameter slot: nil for a request that was stopped while it waited.
  func work(on request: SpeechRequest, _ slot: Slot?) async -> RequestLane.Ending {
    bus.running.begin(request)
    switch await admit(request) {
    case .refused(let work):
      slot?.memory.release()
      return { await end(request, recorded(work, request)) }
    case .synthesis(let decoded):
      let work = await synthesize(decoded, request)
      if case .done(let reply, _) = work { slot?.memory.shrink(to: reply.heldBytes) } else { slot?.memory.release() }
      return {
        defer { slot?.memory.release() }
        return await end(request, work)
      }
    }
  }

  /// Sends the reply or error, and returns the settlement of the delivery.
  private func end(_ request: SpeechRequest, _ work: Work) async -> Settlement {
    let logger = bus.logger.with(request)
    do throws(RabbitMQError) {
      switch work {
      case .done(let reply, let stream): return try await answer(request, reply, stream, logger)
      case .failed(let error, let stream): return try await fail(request, error, stream, logger)
      case .interrupted: return .requeue
      case .requesterGone:
        bus.replies.noteGone(request, logger)
        return .acknowledge
      case .streamRefused:
        bus.observe(.replyRefused)
        try await park(request, RefusedReplyPolicy.error)
        return .acknowledge
      }
    } catch {
      logger.error("can't publish the reply; the request returns to its queue", metadata: ["error": "\(error)"])
      return .requeue
    }
  }

  // MARK: Work

  /// Whether the handler receives the request. If it does, the handler also writes the audit record.
  private enum Admission {
    case synthesis(SynthesisRequest)
    case refused(Work)
  }

  private func admit(_ request: SpeechRequest) async -> Admission {
    if let deadline = request.context.deadline, deadline <= .now {
      bus.running.stop(request.context.requestID, .skip(.deadline))
    }
    if let ended = ended(request, nil) { return .refused(ended) }
    if let replyTo = request.replyTo, ExchangeAddress(replyTo) == nil, await !bus.presence.isPresent(replyTo) {
      return .refused(.requesterGone)
    }
    if let ended = ended(request, nil) { return .refused(ended) }
    do throws(SpeechError) {
      guard let decoded = try request.synthesis?.get() else { throw SpeechError(.internal, "the body was not decoded") }
      guard request.replyTo != nil || decoded.storeGeneratedAudio else {
        throw SpeechError(
          .invalidRequest, "the request needs reply_to or store_generated_audio; without both its audio would be lost")
      }
      try checkTime(for: decoded, request)
      return .synthesis(decoded)
    } catch {
      return .refused(.failed(error, nil))
    }
  }

  /// Writes the audit record of a request that never reached the handler. A request that is requeued gets none yet,
  /// because it has not ended.
  private func recorded(_ work: Work, _ request: SpeechRequest) async -> Work {
    let error: SpeechError
    switch work {
    case .failed(let failure, _): error = failure
    case .requesterGone: error = SpeechError(.cancelled, "the requester is gone")
    case .done, .interrupted, .streamRefused: return work
    }
    do throws(SpeechError) {
      try await bus.handler.recordRefusal(error, of: .synthesize, context: request.context)
      return work
    } catch {
      return .failed(error, nil)
    }
  }

  /// The result of work that was stopped; nil when the work was not stopped.
  private func ended(_ request: SpeechRequest, _ stream: StreamedReply?, afterWork: Bool = false) -> Work? {
    switch bus.running.stopReason(request) {
    case nil: return nil
    case .shutdown: return .interrupted
    case .skip(.requesterGone): return .requesterGone
    case .skip(.deadline):
      bus.observe(.skipped(.deadline))
      let when = afterWork ? " before the speech was complete" : ""
      return .failed(SpeechError(.deadlineExceeded, "the deadline passed\(when)"), stream)
    case .skip(.cancelled):
      bus.observe(.skipped(.cancelled))
      return .failed(SpeechError(.cancelled, "the request was cancelled"), stream)
    }
  }

  private func synthesize(_ synthesis: SynthesisRequest, _ request: SpeechRequest) async -> Work {
    let stream = synthesis.stream && request.replyTo != nil ? StreamedReply(request, sender: bus.replies.sender) : nil
    var onAudio: (@Sendable (Data) async throws -> Void)?
    if let stream { onAudio = { audio in try await stream.send(audio) } }
    let job = Task { [bus, onAudio] () -> Result<SynthesisReply, SpeechError> in
      do throws(SpeechError) {
        return .success(try await bus.handler.synthesize(synthesis, context: request.context, onAudio: onAudio))
      } catch {
        return .failure(error)
      }
    }
    bus.running.attach(request) { job.cancel() }
    let began = ContinuousClock.now
    let result = await job.value
    note(result, synthesis, request, seconds: (.now - began).seconds)
    switch result {
    case .success(let reply): return .done(reply, stream)
    case .failure(let error):
      if stream?.requesterIsGone == true { return .requesterGone }
      if stream?.isRefused == true { return .streamRefused }
      if stream?.failure != nil { return .interrupted }
      return ended(request, stream, afterWork: true) ?? .failed(error, stream)
    }
  }

  // MARK: Deadlines

  /// While all slots are busy, refuses a request that cannot finish before its deadline. With a free slot it is
  /// attempted.
  private func checkTime(for synthesis: SynthesisRequest, _ request: SpeechRequest) throws(SpeechError) {
    guard let deadline = request.context.deadline, bus.admission.isFull else { return }
    let left = (deadline - .now).seconds
    guard bus.times.admits(characters: synthesis.text.unicodeScalars.count, secondsLeft: left) else {
      bus.observe(.skipped(.deadline))
      throw SpeechError(.deadlineExceeded, "the service is too busy to meet the deadline")
    }
  }

  /// Records the duration of a request's work, for the estimate. A stored reply reports the duration of its original
  /// synthesis. Work that was stopped at its deadline counts with the time so far, although the whole would have taken
  /// longer.
  private func note(
    _ result: Result<SynthesisReply, SpeechError>, _ synthesis: SynthesisRequest, _ request: SpeechRequest,
    seconds: Double
  ) {
    let characters = synthesis.text.unicodeScalars.count
    switch result {
    case .success(let reply):
      let made = reply.timings.totalSeconds - reply.timings.queueSeconds
      bus.times.note(seconds: max(seconds, made), characters: characters)
    case .failure:
      guard bus.running.stopReason(request) == .skip(.deadline) else { return }
      bus.times.note(seconds: seconds, characters: characters)
    }
  }

  // MARK: Settlement

  private func answer(
    _ request: SpeechRequest, _ reply: SynthesisReply, _ stream: StreamedReply?, _ logger: Logger
  ) async throws(RabbitMQError) -> Settlement {
    let body: Data
    var position: ReplySender.Position?
    do throws(SpeechError) {
      if let stream {
        position = ReplySender.Position(sequence: stream.nextSequence, isFinal: true)
        body = try ReplyBody.encode(ReplyBody.Final(sequence: stream.nextSequence, body: reply), for: request)
      } else {
        body = try ReplyBody.encode(reply, for: request)
      }
    } catch {
      return try await fail(request, error, stream, logger)
    }
    guard bus.replies.sender.fits(body) else {
      let error = SpeechError(
        .replyTooLarge, "the reply has \(body.count) bytes; the broker takes \(bus.configuration.maxReplyMessageBytes)")
      return try await fail(request, error, stream, logger)
    }
    guard request.replyTo != nil else {
      // A request without a reply_to exists for the store and the idempotency key; there is no reply to send.
      bus.observe(.answered(error: nil, seconds: request.context.age))
      return .acknowledge
    }
    switch try await bus.replies.deliver(body, position: position, to: request, logger) {
    case .delivered:
      logger.info(
        "answered",
        metadata: [
          "audio_seconds": .stringConvertible(reply.durationSeconds),
          "seconds": .stringConvertible(request.context.age),
        ])
      return .acknowledge
    case .refused: return .acknowledge
    case .requesterGone:
      bus.replies.noteGone(request, logger)
      return .acknowledge
    }
  }

  private func fail(
    _ request: SpeechRequest, _ error: SpeechError, _ stream: StreamedReply?, _ logger: Logger
  ) async throws(RabbitMQError) -> Settlement {
    request.context.span?.fail(error)
    let policy = FailurePolicy(maxAttempts: bus.configuration.maxAttempts, retryDelays: bus.configuration.retryDelays)
    let disposition = policy.disposition(
      of: error, attempt: request.context.attempt, hasReplyTo: request.replyTo != nil,
      deadline: request.context.deadline,
      now: .now, audioWasSent: (stream?.nextSequence ?? 0) > 0)
    let metadata: Logger.Metadata = [
      "code": "\(error.code.rawValue)", "error": "\(error.message)",
      "seconds": .stringConvertible(request.context.age),
    ]
    switch disposition {
    case .reply(let error):
      logger.info("answered with an error", metadata: metadata)
      if try await reply(error, to: request, stream, logger) == .requesterGone { bus.replies.noteGone(request, logger) }
    case .drop: logger.info("ended without a requester", metadata: metadata)
    case .retry(let delay, let failedAttempts):
      logger.warning("failed; trying again", metadata: metadata.merging(["delay": "\(delay)"]) { $1 })
      do throws(RabbitMQError) {
        try await bus.replies.sender.delay(request, by: delay, counting: HeaderName.attempts, failedAttempts)
        bus.observe(.retried(attempt: failedAttempts, error: error.code))
      } catch {
        guard error.code == .unencodable else { throw error }
        try await parkAndTell(request, Self.headersTooLarge, stream, logger)
      }
    case .park(let error, let replies):
      logger.error("the request is dead-lettered", metadata: metadata)
      if replies { try await parkAndTell(request, error, stream, logger) } else { try await park(request, error) }
    }
    return .acknowledge
  }

  static let headersTooLarge = SpeechError(
    .invalidRequest, "the headers leave no room for those of another attempt; they and the properties share one frame")

  /// Dead-letters a request, then sends the error to the requester if its queue accepts it.
  func parkAndTell(
    _ request: SpeechRequest, _ error: SpeechError, _ stream: StreamedReply?, _ logger: Logger
  ) async throws(RabbitMQError) {
    try await park(request, error)
    let (body, position) = try Self.encode(error, for: request, stream)
    if try await bus.replies.sender.reply(body, to: request, position: position) == .delivered {
      bus.observe(.answered(error: error.code, seconds: request.context.age))
    }
  }

  func reply(
    _ error: SpeechError, to request: SpeechRequest, _ stream: StreamedReply?, _ logger: Logger
  ) async throws(RabbitMQError) -> ReplyDelivery.Outcome {
    let (body, position) = try Self.encode(error, for: request, stream)
    return try await bus.replies.deliver(body, errorCode: error.code, position: position, to: request, logger)
  }

  private static func encode(
    _ error: SpeechError, for request: SpeechRequest, _ stream: StreamedReply?
  ) throws(RabbitMQError) -> (Data, ReplySender.Position?) {
    let position = stream.map { ReplySender.Position(sequence: $0.nextSequence, isFinal: true) }
    do throws(SpeechError) {
      return (try ReplyBody.encode(error, for: request, sequence: position?.sequence), position)
    } catch {
      throw RabbitMQError(.invalidConfiguration, "\(error)")
    }
  }

  func park(_ request: SpeechRequest, _ error: SpeechError) async throws(RabbitMQError) {
    try await bus.replies.deadLetter(request.delivery.message, request, error)
  }
}
