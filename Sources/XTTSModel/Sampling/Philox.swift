/// The counter-based generator Philox 4×32 with 10 rounds. The same key and counter give the same numbers on every
/// machine and in any order.
///
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
struct Philox: Sendable, Equatable {
  private let key: SIMD2<UInt32>

  /// The generator of a key, such as a seed.
  init(key: UInt64) {
    self.key = SIMD2(UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
  }

  /// Four random words for one counter.
  func words(at counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
    var words = counter
    var key = key
    for _ in 0..<10 {
      let first = UInt64(0xD251_1F53) &* UInt64(words[0])
      let second = UInt64(0xCD9E_8D57) &* UInt64(words[2])
      words = SIMD4(
        UInt32(truncatingIfNeeded: second >> 32) ^ words[1] ^ key[0], UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ words[3] ^ key[1], UInt32(truncatingIfNeeded: first))
      key = key &+ SIMD2(0x9E37_79B9, 0xBB67_AE85)
    }
    return words
  }

  /// A number in [0, 1) for one step of one sequence, of 53 random bits.
  func uniform(sequence: UInt64, step: UInt64) -> Double {
    let words = words(
      at: SIMD4(
        UInt32(truncatingIfNeeded: step), UInt32(truncatingIfNeeded: step >> 32),
        UInt32(truncatingIfNeeded: sequence), UInt32(truncatingIfNeeded: sequence >> 32)))
    let bits = (UInt64(words[0]) << 32 | UInt64(words[1])) >> 11
    return Double(bits) * 0x1p-53
  }
}
