import Checkpoint
import Testing

@Suite struct FastChecksumTests {
  @Test func everyBitAndTheLengthCount() {
    for count in [0, 1, 31, 32, 33, 100] {
      var bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let sum = bytes.withUnsafeBytes { FastChecksum.of($0) }
      for bit in 0..<(8 * count) {
        bytes[bit / 8] ^= 1 << (bit % 8)
        #expect(bytes.withUnsafeBytes { FastChecksum.of($0) } != sum)
        bytes[bit / 8] ^= 1 << (bit % 8)
      }
      bytes.append(0)
      #expect(bytes.withUnsafeBytes { FastChecksum.of($0) } != sum)
    }
  }
}
