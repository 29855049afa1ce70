import Synchronization
import Tracing

/// A span of ``SpanTracer``. Events and links are not recorded.
public final class RecordedSpan: Span {
  /// Has the identity of this span.
  public let context: ServiceContext
  /// Whether the trace is sampled.
  public let isRecording: Bool
  private let queue: SpanQueue
  /// Nil once the span has ended, or if its trace is not recorded.
  private let record: Mutex<SpanRecord?>

  init(_ record: SpanRecord, _ context: ServiceContext, _ queue: SpanQueue) {
    self.context = context
    self.queue = queue
    isRecording = record.identity.isSampled
    self.record = Mutex(record.identity.isSampled ? record : nil)
  }

  /// Empty once the span has ended, like the attributes.
  public var operationName: String {
    get { record.withLock { $0?.name ?? "" } }
    set { record.withLock { $0?.name = newValue } }
  }

  public var attributes: SpanAttributes {
    get { record.withLock { $0?.attributes ?? [:] } }
    set { record.withLock { $0?.attributes = newValue } }
  }

  /// Replaces the status.
  public func setStatus(_ status: SpanStatus) { record.withLock { $0?.status = status } }

  /// Marks the span as failed.
  public func recordError<Instant: TracerInstant>(
    _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
  ) {
    setStatus(SpanStatus(code: .error))
  }

  public func addEvent(_ event: SpanEvent) {}
  public func addLink(_ link: SpanLink) {}

  /// Adds the span to the queue. A repeated call does nothing.
  public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
    let end = instant().nanosecondsSinceEpoch
    let finished = record.withLock { record -> SpanRecord? in
      guard var finished = record else { return nil }
      record = nil
      finished.end = max(end, finished.start)
      return finished
    }
    if let finished { queue.add(finished) }
  }
}
