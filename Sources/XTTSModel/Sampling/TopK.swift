/// Keeps the `k` largest scores, and any that equal the smallest of them; the others become minus infinity.
///
/// Source: Fan, Lewis, Dauphin, "Hierarchical neural story generation", 2018; Hugging Face's `TopKLogitsWarper`.
public struct TopK: Sendable, Equatable {
  public var k: Int

  public init(_ k: Int) { self.k = k }

  public func apply(to scores: inout [Float]) {
    guard k > 0, k < scores.count else { return }
    let threshold = Self.largest(k, of: scores)
    for code in scores.indices where scores[code] < threshold { scores[code] = -.infinity }
  }

  /// The k-th largest score, by a heap of the k largest seen so far with the smallest of them on top.
  private static func largest(_ k: Int, of scores: [Float]) -> Float {
    var heap = Array(scores[..<k])
    for root in (0..<(k / 2)).reversed() { sink(root, in: &heap) }
    for score in scores[k...] where score > heap[0] {
      heap[0] = score
      sink(0, in: &heap)
    }
    return heap[0]
  }

  private static func sink(_ start: Int, in heap: inout [Float]) {
    var parent = start
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[smallest] {
        smallest = child
      }
      guard smallest != parent else { return }
      heap.swapAt(parent, smallest)
      parent = smallest
    }
  }
}
