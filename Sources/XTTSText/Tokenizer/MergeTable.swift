/// Which pairs of tokens merge, into what and in which order: a hash table with open addressing. It is asked a few times
/// for every character of a text, where `Dictionary`'s keyed hash would be most of the work.
struct MergeTable: Sendable {
  struct Merge: Sendable, Equatable {
    var rank: UInt32
    var token: Int32
  }

  /// No pair of token ids, which are not negative.
  private static let emptyKey = UInt64.max

  private var keys: [UInt64]
  private var merges: [Merge]
  private let mask: Int

  init(_ pairs: [(left: Int32, right: Int32, merge: Merge)]) {
    var capacity = 16
    while capacity < pairs.count * 2 { capacity *= 2 }
    keys = Array(repeating: Self.emptyKey, count: capacity)
    merges = Array(repeating: Merge(rank: 0, token: 0), count: capacity)
    mask = capacity - 1
    for pair in pairs {
      let key = Self.key(pair.left, pair.right)
      let slot = self.slot(of: key)
      keys[slot] = key
      // Of a pair that is listed twice the last entry counts.
      merges[slot] = pair.merge
    }
  }

  subscript(left: Int32, right: Int32) -> Merge? {
    let key = Self.key(left, right)
    let slot = slot(of: key)
    return keys[slot] == key ? merges[slot] : nil
  }

  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  /// Where the key is, or the free slot where it would be. At least half of the slots are free.
  private func slot(of key: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while keys[slot] != key, keys[slot] != Self.emptyKey { slot = (slot + 1) & mask }
    return slot
  }
}
