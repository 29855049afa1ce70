/// A checksum at the speed of memory that detects damage: four lanes of xor, multiply and rotate. Each step is
/// invertible, so every change of a single word changes the sum. It does not protect against deliberate changes.
public enum FastChecksum {
  private static let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// Depends on the bytes and their number.
  public static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    let count = bytes.count
    var lanes = SIMD4<UInt64>(1, 2, 3, 4) &* SIMD4(repeating: multiplier)
    var position = 0
    while count - position >= 32 {
      let words = bytes.loadUnaligned(fromByteOffset: position, as: SIMD4<UInt64>.self)
      lanes = (lanes ^ words) &* SIMD4(repeating: multiplier)
      lanes = lanes &<< SIMD4(repeating: 31) | lanes &>> SIMD4(repeating: 33)
      position += 32
    }
    var sum = UInt64(count)
    for lane in 0..<4 { sum = mixed(sum, lanes[lane]) }
    while position < count {
      sum = mixed(sum, UInt64(bytes[position]))
      position += 1
    }
    return mixed(sum, sum >> 32)
  }

  private static func mixed(_ sum: UInt64, _ word: UInt64) -> UInt64 {
    let product = (sum ^ word) &* multiplier
    return product << 31 | product >> 33
  }
}
