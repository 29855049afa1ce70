import Foundation
import Logging
import RabbitMQ
import SpeechCore
import Tracing

/// A delivery as the service works on it, from its arrival to its settlement. Invalid properties are treated as absent.
struct SpeechRequest: Sendable {
  /// The message as it was received, for retries and dead letters.
  let delivery: Delivery
  /// The queue that the request came from.
  var queue: String
  /// Identifiers, times, priority and attempt, as the handler gets them.
  var context: RequestContext
  var correlationID: ShortString?
  /// Nil when it is missing or empty.
  var replyTo: String?
  /// A value of `x-deadline` that is not a time: the request is refused, or answered with a warning.
  private let deadlineProblem: DeadlineHeader?
  /// The framework's envelope of the body, which the answer gets too; nil for a plain body.
  private(set) var envelope: NestEnvelope?
  /// The decoded body, or the reason why it can't be decoded; nil for the queues that decode later.
  private(set) var synthesis: Result<SynthesisRequest, SpeechError>?
  private var unpackedByteCount = 0
  /// False when the memory budget has no room for the body. The request then returns to the broker for a while.
  private(set) var fitsMemory = true
  /// The part of the memory budget that the request occupies until it is settled.
  let memory: ByteReservation?
  /// The channel on which the delivery is settled.
  let channel: Channel?
  /// Whether it was fetched from the queue of suspects.
  var isSuspect = false

  init(
    _ delivery: Delivery, queue: String, channel: Channel? = nil, memory: ByteReservation? = nil,
    receivedAt: Date = Date(), arrival: ContinuousClock.Instant = .now,
    requestID: String = RequestContext.makeRequestID()
  ) {
    let properties = delivery.message.properties
    self.delivery = delivery
    self.queue = queue
    self.channel = channel
    self.memory = memory
    correlationID = properties.correlationID
    replyTo = properties.replyTo.flatMap { $0.isEmpty ? nil : $0 }
    let failedAttempts = properties.headers[HeaderName.attempts]?.integerValue ?? 0
    let header = properties.headers[HeaderName.deadline].map { DeadlineHeader($0) }
    if case .time? = header { deadlineProblem = nil } else { deadlineProblem = header }
    context = RequestContext(
      requestID: requestID, transport: .amqp, correlationID: properties.correlationID?.text,
      idempotencyKey: properties.messageID.flatMap { $0.isEmpty ? nil : $0.text }, receivedAt: receivedAt,
      arrival: arrival,
      deadline: Self.deadline(header, properties.expiration, receivedAt: receivedAt, arrival: arrival),
      priority: min(9, Int(properties.priority ?? 0)),
      traceparent: properties.headers[HeaderName.traceparent]?.stringValue.flatMap(Self.wellFormed(traceparent:)),
      attempt: 1 + Int(min(max(failedAttempts, 0), 1_000_000)))
    context.deliveryDigest = Self.digest(delivery, attempt: context.attempt)
    // A message that a lost worker held is published again.
    context.isRedelivered = delivery.redelivered || lostWorkers > 0
  }

  /// The first bytes of a body suffice next to its length and the identifiers.
  private static let digestedBytes = 65_536

  private static func digest(_ delivery: Delivery, attempt: Int) -> String {
    let (message, properties) = (delivery.message, delivery.message.properties)
    let parts = [
      Data((properties.replyTo ?? "").utf8), properties.correlationID?.bytes ?? Data(),
      properties.messageID?.bytes ?? Data(), Data("\(attempt) \(properties.timestamp ?? 0)".utf8),
      message.body.prefix(digestedBytes), Data("\(message.bodyByteCount)".utf8),
    ]
    return String(SHA256.hash(parts: parts).hexadecimal.prefix(32))
  }

  /// Whether `reply_to` names a waiting consumer (direct reply-to) and not a queue.
  var usesDirectReplyTo: Bool { replyTo?.hasPrefix("amq.rabbitmq.reply-to.") ?? false }

  /// The number of lost workers that its header has.
  var lostWorkers: Int {
    Int(clamping: delivery.message.properties.headers[HeaderName.lostWorkers]?.integerValue ?? 0)
  }

  /// Whether the body is compressed, so that its content is larger.
  var isPacked: Bool { ![.identity, nil].contains(ContentEncoding(delivery.message.properties.contentEncoding)) }

  /// The text's user; empty when the request names none.
  var userID: String { (try? synthesis?.get())?.userID ?? "" }

  /// The earlier of `x-deadline` and `expiration` (milliseconds from now). The broker does not subtract the time in the
  /// queue from `expiration`, so that deadline may be too late.
  private static func deadline(
    _ header: DeadlineHeader?, _ expiration: String?, receivedAt: Date, arrival: ContinuousClock.Instant
  ) -> ContinuousClock.Instant? {
    var candidates: [Double] = []
    if case .time(let seconds)? = header { candidates.append(seconds - receivedAt.timeIntervalSince1970) }
    if let milliseconds = expiration.flatMap({ UInt64($0) }) { candidates.append(Double(milliseconds) / 1000) }
    return candidates.min().map { arrival + .seconds($0) }
  }

  /// Checks the form of W3C Trace Context: version, trace id, parent id and flags in lower-case hexadecimal digits.
  private static func wellFormed(traceparent: String) -> String? {
    let parts = traceparent.split(separator: "-", omittingEmptySubsequences: false)
    let isHex = traceparent.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "-") || (48...57).contains(byte) || (97...102).contains(byte)
    }
    guard isHex, parts.count >= 4, traceparent.utf8.count <= 128, parts[0].count == 2, parts[1].count == 32,
      parts[2].count == 16, parts[3].count == 2
    else { return nil }
    return traceparent
  }

  // MARK: Body

  /// Reserves memory for the body if the budget has room. It never waits.
  mutating func takeMemory() { takeMemory(MemoryBudgets.countedBytes(ofBody: delivery.message.body.count)) }

  /// Decodes the body of a synthesis request, once. An unpacked body and the reference audio in it are counted as well.
  mutating func decode(maximumBytes: Int, budget: ByteBudget) {
    do throws(SpeechError) {
      if case .refused(let error)? = deadlineProblem { throw error }
      var request = try decoded(SynthesisRequest.self, maximumBytes: maximumBytes)
      if case .ignored(let warning)? = deadlineProblem { request.warnings.append(warning) }
      synthesis = .success(request)
      var bytes = isPacked ? unpackedByteCount : 0
      if case .inline(let audio) = request.voice { bytes += audio.count }
      if bytes > 0 {
        takeMemory(min(MemoryBudgets.countedBytes(ofBody: bytes), budget.limit - (memory?.bytes ?? 0)))
      }
    } catch {
      synthesis = .failure(error)
    }
  }

  /// Unpacks and decodes the body. If only its fields are wrong, the envelope is known nevertheless.
  mutating func decoded<Body: RequestMessage>(
    _ type: Body.Type, maximumBytes: Int
  ) throws(SpeechError) -> Body {
    try checkSize(maximumBytes: maximumBytes)
    let (message, name) = (delivery.message, delivery.message.properties.contentEncoding)
    let encoding = ContentEncoding(name)
    let body: Data
    do throws(ContentEncoding.Failure) {
      body = try (encoding ?? .identity).unpacked(message.body, maximumBytes: maximumBytes)
    } catch {
      throw error == .malformed
        ? SpeechError(
          .invalidRequest, "the body is not \(name ?? "") data, as content_encoding says", field: "content_encoding")
        : SpeechError(.invalidRequest, "the unpacked request has more than the \(maximumBytes) bytes that are read")
    }
    unpackedByteCount = body.count
    let opened = RequestBody<Body>(body)
    envelope = opened.envelope
    if case .failure(let error) = opened.message, error.code == .invalidJSON, encoding == nil {
      throw SpeechError(
        .invalidRequest, "content_encoding is \(name?.prefix(64) ?? ""); plain, gzip and deflate bodies are read",
        field: "content_encoding")
    }
    return try opened.message.get()
  }

  /// - Throws: `invalid_request` for a body that was too long to be read.
  func checkSize(maximumBytes: Int) throws(SpeechError) {
    let message = delivery.message
    guard message.bodyByteCount <= maximumBytes, !message.isBodyTooLarge else {
      throw SpeechError(
        .invalidRequest, "the request has \(message.bodyByteCount) bytes; at most \(maximumBytes) are read")
    }
  }

  private mutating func takeMemory(_ bytes: Int) {
    do throws(SpeechError) { try memory?.take(bytes) } catch { fitsMemory = false }
  }

  // MARK: Trace

  mutating func startSpan() {
    let (message, queue, attempt) = (delivery.message, queue, context.attempt)
    context.startSpan(
      TraceConvention.consume(queue), ofKind: .consumer, Self.attributes(of: message, queue: queue, attempt: attempt))
  }

  private static func attributes(of message: Message, queue: String, attempt: Int) -> SpanAttributes {
    var attributes = TraceConvention.messaging(
      "process", named: "consume", destination: queue, conversation: message.properties.correlationID?.text,
      messageID: message.properties.messageID?.text, bodyBytes: message.bodyByteCount)
    attributes[TraceConvention.attempt] = attempt
    return attributes
  }

  // MARK: Settlement

  func settle(_ settlement: Settlement) {
    defer { memory?.release() }
    switch settlement {
    case .acknowledge: channel?.acknowledge(delivery.deliveryTag)
    case .requeue: channel?.reject(delivery.deliveryTag, requeue: true)
    }
  }
}

/// The settlement of a delivery.
enum Settlement: Sendable, Equatable {
  /// Acknowledge it: its reply, retry or dead letter is confirmed.
  case acknowledge
  /// Requeue it, for another worker, or for this service later.
  case requeue
}

extension Logger {
  /// A logger that adds the request's identifiers to every line. Its text and audio are never logged.
  func with(_ request: SpeechRequest) -> Logger {
    var logger = self
    logger[metadataKey: "request_id"] = "\(request.context.requestID)"
    logger[metadataKey: "delivery_tag"] = .stringConvertible(request.delivery.deliveryTag)
    logger[metadataKey: "attempt"] = .stringConvertible(request.context.attempt)
    if let id = request.context.correlationID { logger[metadataKey: "correlation_id"] = "\(id)" }
    if let (trace, span) = request.context.traceIDs {
      logger[metadataKey: "trace_id"] = "\(trace)"
      logger[metadataKey: "span_id"] = "\(span)"
    }
    return logger
  }
}
