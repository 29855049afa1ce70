import Synchronization

/// Spans that wait for their export. It has a bound and never blocks: spans above the bound are dropped and counted.
public final class SpanQueue: Sendable {
  private let spans = Mutex<[SpanRecord]>([])
  private let limit: Int
  private let onDrop: @Sendable (Int) -> Void

  /// - Parameter onDrop: receives the number of spans that were not exported.
  public init(limit: Int = 4_096, onDrop: @escaping @Sendable (Int) -> Void) {
    self.limit = limit
    self.onDrop = onDrop
  }

  func add(_ span: SpanRecord) {
    let isFull = spans.withLock { spans in
      guard spans.count < limit else { return true }
      spans.append(span)
      return false
    }
    if isFull { drop(1) }
  }

  /// Removes the oldest spans.
  /// - Returns: nil if there are none.
  func take(_ count: Int) -> [SpanRecord]? {
    spans.withLock { spans in
      guard !spans.isEmpty else { return nil }
      let batch = Array(spans.prefix(count))
      spans.removeFirst(batch.count)
      return batch
    }
  }

  func drop(_ count: Int) { onDrop(count) }
}
