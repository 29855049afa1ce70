import Foundation
import Tracing

/// The names of OpenTelemetry's semantic conventions that the service uses, and its own span names.
public enum TraceConvention {
  // MARK: Spans

  /// From arrival to the first slot.
  public static let wait = "wait"
  /// The work on a segment.
  public static let prefill = "prefill"
  public static let decode = "decode"
  public static let vocode = "vocode"
  /// From the first audio to the last encoded byte.
  public static let encode = "encode"
  /// Sending the reply.
  public static let publish = "publish"

  /// The name of the span of a request from a queue.
  public static func consume(_ queue: String) -> String { "consume \(queue)" }

  // MARK: Attributes

  /// The code of the error.
  public static let errorType = "error.type"
  public static let httpMethod = "http.request.method"
  public static let httpRoute = "http.route"
  public static let httpStatus = "http.response.status_code"
  /// As in the reply and the audit.
  public static let requestID = "speechbus.request_id"
  /// The number of the segment, from 1.
  public static let segment = "speechbus.segment"
  public static let codes = "speechbus.codes"
  public static let attempt = "speechbus.attempt"
  public static let audioFormat = "speechbus.audio.format"
  public static let audioSeconds = "speechbus.audio.seconds"
  /// The time of the encoder, and of the receiver of a stream.
  public static let encodeSeconds = "speechbus.encode.seconds"

  /// The attributes of a message of RabbitMQ.
  /// - Parameters:
  ///   - operation: `process` or `send`, the type of the operation.
  ///   - name: the operation as RabbitMQ names it.
  public static func messaging(
    _ operation: String, named name: String, destination: String, conversation: String?, messageID: String? = nil,
    bodyBytes: Int
  ) -> SpanAttributes {
    var attributes: SpanAttributes = [
      "messaging.system": "rabbitmq", "messaging.operation.type": .string(operation),
      "messaging.operation.name": .string(name), "messaging.destination.name": .string(destination),
      "messaging.message.body.size": .int64(Int64(bodyBytes)),
    ]
    attributes["messaging.message.conversation_id"] = conversation
    attributes["messaging.message.id"] = messageID
    return attributes
  }
}

extension RequestContext {
  /// Starts the span of the request, at its arrival and as a child of ``traceparent``, which names the span from here on.
  /// Without a tracer, or for a trace that is not sampled, it does nothing.
  public mutating func startSpan(
    _ name: String, ofKind kind: SpanKind, _ attributes: @autoclosure () -> SpanAttributes
  ) {
    let tracer = InstrumentationSystem.tracer
    guard !(tracer is NoOpTracer) else { return }
    var parent = ServiceContext.topLevel
    if let traceparent { tracer.extract([Self.header: traceparent], into: &parent, using: Carrier()) }
    let span = Tracing.startSpan(name, at: time(of: arrival), context: parent, ofKind: kind)
    guard span.isRecording else { return }
    span.attributes.merge(attributes())
    span.attributes[TraceConvention.requestID] = requestID
    var carrier: [String: String] = [:]
    tracer.inject(span.context, into: &carrier, using: Carrier())
    traceparent = carrier[Self.header] ?? traceparent
    self.span = span
  }

  /// Records a finished part of the request as a child of its span.
  public func record(
    _ name: String, ofKind kind: SpanKind = .internal, from start: ContinuousClock.Instant,
    to end: ContinuousClock.Instant, _ attributes: @autoclosure () -> SpanAttributes = [:]
  ) {
    guard let span else { return }
    let part = Tracing.startSpan(name, at: time(of: start), context: span.context, ofKind: kind)
    part.attributes.merge(attributes())
    part.end(at: time(of: end))
  }

  /// The trace id and span id of ``traceparent``, for log lines; nil without a valid one.
  public var traceIDs: (trace: String, span: String)? {
    let parts = traceparent?.split(separator: "-", omittingEmptySubsequences: false) ?? []
    guard parts.count >= 4, parts[1].utf8.count == 32, parts[2].utf8.count == 16 else { return nil }
    return (String(parts[1]), String(parts[2]))
  }

  /// By the wall clock of the arrival, so that durations are those of the monotonic clock.
  private func time(of instant: ContinuousClock.Instant) -> DefaultTracerClock.Timestamp {
    let seconds = receivedAt.timeIntervalSince1970 + (instant - arrival) / .seconds(1)
    return .init(nanosecondsSinceEpoch: UInt64(max(0, seconds) * 1e6) * 1_000)
  }

  private static let header = "traceparent"

  private struct Carrier: Extractor, Injector {
    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
  }
}

extension Span {
  /// Marks the span as failed.
  public func fail(_ error: SpeechError) {
    attributes[TraceConvention.errorType] = error.code.rawValue
    setStatus(SpanStatus(code: .error, message: error.message))
  }
}
