import HeapModule

/// Merges the symbols of one word: always the pair of lowest rank, the leftmost of equals. O(n log n), so a megabyte
/// without a space is no problem. Its buffers are reused from word to word.
struct PairMerger {
  private let merges: MergeTable
  private var symbols: [Int32] = []
  /// Neighbours of each live symbol; -1 at the ends.
  private var previous: [Int32] = []
  private var next: [Int32] = []
  /// Candidates as `rank << 32 | position`. A candidate may be out of date; it is checked when taken.
  private var queue = Heap<UInt64>()

  /// Marks a symbol that was merged into its left neighbour.
  private static let merged: Int32 = -1

  init(merges: MergeTable) {
    self.merges = merges
  }

  mutating func load(_ word: [Int32]) {
    symbols = word
    previous.removeAll(keepingCapacity: true)
    next.removeAll(keepingCapacity: true)
    for index in word.indices {
      previous.append(Int32(index) - 1)
      next.append(index + 1 < word.count ? Int32(index) + 1 : -1)
    }
  }

  /// Merges until no pair is left and appends the result.
  mutating func merge(into tokens: inout [Int]) {
    if symbols.count > 1 {
      for position in 0..<(symbols.count - 1) { push(position) }
      while let candidate = queue.popMin() { apply(candidate) }
    }
    for symbol in symbols where symbol != Self.merged { tokens.append(Int(symbol)) }
  }

  private func candidate(at position: Int) -> MergeTable.Merge? {
    let right = next[position]
    guard right >= 0 else { return nil }
    return merges[symbols[position], symbols[Int(right)]]
  }

  private mutating func push(_ position: Int) {
    guard let merge = candidate(at: position) else { return }
    queue.insert(UInt64(merge.rank) << 32 | UInt64(position))
  }

  private mutating func apply(_ queued: UInt64) {
    let position = Int(queued & 0xFFFF_FFFF)
    guard symbols[position] != Self.merged, let merge = candidate(at: position),
      UInt64(merge.rank) == queued >> 32
    else { return }
    let right = Int(next[position])
    symbols[position] = merge.token
    symbols[right] = Self.merged
    next[position] = next[right]
    if next[right] >= 0 { previous[Int(next[right])] = Int32(position) }
    if previous[position] >= 0 { push(Int(previous[position])) }
    push(position)
  }
}
