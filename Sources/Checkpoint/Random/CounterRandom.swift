/// Random numbers by position instead of by sequence: a number depends only on a seed, a name and an index. So any
/// part of a checkpoint can be made alone, in parallel and in any language, bit for bit.
///
/// The hash is the finaliser of SplitMix64 (Steele, Lea and Flood 2014) over a counter whose start is the 64-bit FNV-1a
/// of the name, mixed with the seed.
public struct CounterRandom: Sendable {
  private static let golden: UInt64 = 0x9E37_79B9_7F4A_7C15
  private let key: UInt64

  /// The numbers of a seed and a name, such as that of a tensor.
  public init(seed: UInt64, name: String) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    key = Self.mix(hash ^ Self.mix(seed &+ Self.golden))
  }

  /// 64 random bits.
  public func bits(_ index: Int) -> UInt64 {
    Self.mix(key &+ (UInt64(truncatingIfNeeded: index) &+ 1) &* Self.golden)
  }

  /// Uniform in [-1, 1): a multiple of 2⁻²³, so exact in float32.
  public func symmetric(_ index: Int) -> Float {
    Float(Int32(truncatingIfNeeded: bits(index) >> 40) - (1 << 23)) * 0x1p-23
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
