import HeapModule

/// Keeps the `k` largest scores and those equal to the smallest of them; the others become minus infinity.
///
/// Source: Fan, Lewis, Dauphin, "Hierarchical neural story generation", 2018; Hugging Face's `TopKLogitsWarper`.
struct TopK: Sendable, Equatable {
  /// The number of scores to keep; 0 keeps all.
  var k: Int

  /// Changes the scores `[codes]` in place.
  func apply(to scores: inout [Float]) {
    guard k > 0, k < scores.count else { return }
    let threshold = Self.largest(k, of: scores)
    for code in scores.indices where scores[code] < threshold { scores[code] = -.infinity }
  }

  /// The k-th largest score, found with a heap of the k largest scores so far.
  private static func largest(_ k: Int, of scores: [Float]) -> Float {
    var heap = Heap(scores[..<k])
    for score in scores[k...] where heap.min.map({ score > $0 }) == true { heap.replaceMin(with: score) }
    return heap.min ?? -.infinity
  }
}
