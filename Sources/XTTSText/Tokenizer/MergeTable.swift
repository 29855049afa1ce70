/// Which pairs of tokens merge, into what and in which order: a hash table with open addressing. A text needs a few
/// look-ups for each character, in which `Dictionary`'s keyed hash would take most of the time.
struct MergeTable: Sendable {
  struct Merge: Sendable, Equatable {
    var rank: UInt32
    var token: Int32
  }

  private struct Pair {
    let left: Int32
    let right: Int32
    let token: Int32
  }

  /// By rank.
  private var pairs: [Pair] = []
  /// Rank + 1 of the pair that hashes there; 0 where there is none. At least half of them are free.
  private var places: [UInt32]
  private let mask: Int

  /// With room for `count` pairs, so that adding them allocates nothing.
  init(capacity count: Int) {
    pairs.reserveCapacity(count)
    places = Array(repeating: 0, count: Self.placeCount(count))
    mask = places.count - 1
  }

  private static func placeCount(_ count: Int) -> Int {
    var places = 16
    while places < count * 2 { places *= 2 }
    return places
  }

  /// Adds the pair of the next rank; of a pair that is listed twice the last counts. For as many as there is room for.
  mutating func append(left: Int32, right: Int32, token: Int32) {
    guard pairs.count * 2 < places.count else { return }
    pairs.append(Pair(left: left, right: right, token: token))
    places[place(of: left, right)] = UInt32(pairs.count)
  }

  subscript(left: Int32, right: Int32) -> Merge? {
    let number = places[place(of: left, right)]
    guard number > 0 else { return nil }
    return Merge(rank: number - 1, token: pairs[Int(number) - 1].token)
  }

  /// The place of the pair, or the free place for it.
  private func place(of left: Int32, _ right: Int32) -> Int {
    let key = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    var place = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    while places[place] > 0 {
      let pair = pairs[Int(places[place]) - 1]
      if pair.left == left, pair.right == right { break }
      place = (place + 1) & mask
    }
    return place
  }
}
