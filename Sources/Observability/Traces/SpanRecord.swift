import Tracing

/// A finished span.
struct SpanRecord: Sendable {
  var name: String
  var kind: SpanKind
  var identity: TraceParent
  var parent: TraceParent?
  /// Nanoseconds since 1970.
  var start: UInt64
  var end: UInt64
  var attributes = SpanAttributes()
  var status: SpanStatus?
}

/// Records spans and adds those that have ended to a queue. W3C Trace Context is read and written.
public final class SpanTracer: Tracer {
  private let sampler: TraceSampler
  private let queue: SpanQueue
  private let random: @Sendable () -> UInt64

  /// - Parameter queue: receives the spans that have ended.
  public convenience init(sampler: TraceSampler, queue: SpanQueue) {
    self.init(sampler: sampler, queue: queue) { UInt64.random(in: .min ... .max) }
  }

  init(sampler: TraceSampler, queue: SpanQueue, random: @escaping @Sendable () -> UInt64) {
    self.sampler = sampler
    self.queue = queue
    self.random = random
  }

  /// Starts a span, which is recorded if the sampler selects its trace.
  public func startSpan<Instant: TracerInstant>(
    _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
    at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
  ) -> RecordedSpan {
    var context = context()
    let parent = context.traceParent
    var identity = TraceParent(childOf: parent, isSampled: true, random: random)
    identity.isSampled = sampler.samples(identity, childOf: parent)
    context.traceParent = identity
    let start = instant().nanosecondsSinceEpoch
    let record = SpanRecord(
      name: operationName, kind: kind, identity: identity, parent: parent, start: start, end: start)
    return RecordedSpan(record, context, queue)
  }

  /// Does nothing: ``SpanExporter`` exports the queue.
  public func forceFlush() {}

  /// Reads `traceparent`.
  public func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    context.traceParent = extractor.extract(key: "traceparent", from: carrier).flatMap { TraceParent($0) }
  }

  /// Writes `traceparent`.
  public func inject<Carrier, Inject: Injector>(
    _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    guard let identity = context.traceParent else { return }
    injector.inject("\(identity)", forKey: "traceparent", into: &carrier)
  }
}
