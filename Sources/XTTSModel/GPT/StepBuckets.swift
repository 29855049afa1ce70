/// The shapes that decode steps come in: how many slots are computed and how far back they look. Few shapes, so that a
/// GPU can have a recorded graph for each; close enough together that a step costs what its longest sequence needs.
public struct StepBuckets: Sendable, Equatable {
  public struct Shape: Sendable, Hashable {
    /// The slots that are computed, whether they take part or not.
    public var slots: Range<Int>
    /// Positions from each slot's start that are looked at.
    public var length: Int
  }

  /// Ascending, the last one all slots.
  public let slotCounts: [Int]
  /// Ascending, the last one a slot's capacity.
  public let lengths: [Int]

  /// There is one shape only.
  public let isPinned: Bool

  private static let shortestLength = 128

  /// - Parameter isPinned: one shape for all steps, so that a sequence's bytes don't depend on its neighbours.
  public init(slotCount: Int, slotCapacity: Int, isPinned: Bool = false) {
    let (slots, capacity) = (max(1, slotCount), max(1, slotCapacity))
    self.isPinned = isPinned
    guard !isPinned else {
      slotCounts = [slots]
      lengths = [capacity]
      return
    }
    slotCounts = Self.doublings(from: 1, below: slots) + [slots]
    // Each length and the one halfway to the next: 128, 192, 256, 384, ...
    let doublings = Self.doublings(from: Self.shortestLength, below: capacity)
    lengths = doublings.flatMap { [$0, $0 / 2 * 3] }.filter { $0 < capacity } + [capacity]
  }

  /// The smallest shape for some slots and positions.
  /// - Parameters:
  ///   - slots: of the sequences that take part.
  ///   - length: positions of the longest of them, this step's included.
  public func shape(slots: some Sequence<Int>, length: Int) -> Shape {
    let needed = (slots.max() ?? 0) + 1
    return Shape(
      slots: 0..<(slotCounts.first { $0 >= needed } ?? needed), length: lengths.first { $0 >= length } ?? length)
  }

  /// Every shape, the largest first, whose memory the others then share.
  public var all: [Shape] {
    slotCounts.reversed().flatMap { slots in
      lengths.reversed().map { Shape(slots: 0..<slots, length: $0) }
    }
  }

  private static func doublings(from start: Int, below limit: Int) -> [Int] {
    Array(sequence(first: start) { $0 * 2 }.prefix { $0 < limit })
  }
}
