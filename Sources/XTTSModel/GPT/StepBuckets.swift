/// The possible shapes of decode steps: the slots that are computed and the number of positions they attend to. There
/// are few shapes, so that a GPU can have a recorded graph for each. They are close enough that the cost of a step is
/// near that of its longest sequence.
struct StepBuckets: Sendable, Equatable {
  /// The shape of a step.
  struct Shape: Sendable, Hashable {
    /// The slots that are computed, with or without a sequence.
    var slots: Range<Int>
    /// The number of positions, from each slot's start, that the step attends to.
    var length: Int
  }

  /// Ascending; the last one is the number of all slots.
  let slotCounts: [Int]
  /// Ascending; the last one is a slot's capacity.
  let lengths: [Int]

  /// Whether there is only one shape.
  let isPinned: Bool

  private static let shortestLength = 128

  /// - Parameter isPinned: uses one shape for all steps, so that a sequence's bytes don't depend on other sequences.
  init(slotCount: Int, slotCapacity: Int, isPinned: Bool = false) {
    let (slots, capacity) = (max(1, slotCount), max(1, slotCapacity))
    self.isPinned = isPinned
    guard !isPinned else {
      slotCounts = [slots]
      lengths = [capacity]
      return
    }
    slotCounts = Self.doublings(from: 1, below: slots) + [slots]
    // Each length and the midpoint to the next: 128, 192, 256, 384, ...
    let doublings = Self.doublings(from: Self.shortestLength, below: capacity)
    lengths = doublings.flatMap { [$0, $0 / 2 * 3] }.filter { $0 < capacity } + [capacity]
  }

  /// The smallest shape for these slots and positions.
  /// - Parameters:
  ///   - slots: the slots of the step's sequences.
  ///   - length: the number of positions of the longest of them, including this step's.
  func shape(slots: some Sequence<Int>, length: Int) -> Shape {
    let needed = (slots.max() ?? 0) + 1
    return Shape(
      slots: 0..<(slotCounts.first { $0 >= needed } ?? needed), length: lengths.first { $0 >= length } ?? length)
  }

  /// All shapes, the largest first. The others then share its memory.
  var all: [Shape] {
    slotCounts.reversed().flatMap { slots in
      lengths.reversed().map { Shape(slots: 0..<slots, length: $0) }
    }
  }

  private static func doublings(from start: Int, below limit: Int) -> [Int] {
    Array(sequence(first: start) { $0 * 2 }.prefix { $0 < limit })
  }
}
