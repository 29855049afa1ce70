/// The CRC-32 of zip (IEEE 802.3, reflected, polynomial 0xEDB88320), eight bytes per step.
enum CRC32 {
  /// 256 remainders for each of the eight bytes of a step.
  private static let table: [UInt32] = {
    var table = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
      table[byte] = value
    }
    for index in 256..<table.count {
      let previous = table[index - 256]
      table[index] = table[Int(previous & 0xFF)] ^ (previous >> 8)
    }
    return table
  }()

  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    table.withUnsafeBufferPointer { table in
      var crc: UInt32 = 0xFFFF_FFFF
      var position = 0
      while bytes.count - position >= 8 {
        let low = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)) ^ crc
        let high = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self))
        crc = table[7 * 256 + Int(low & 0xFF)] ^ table[6 * 256 + Int(low >> 8 & 0xFF)]
        crc ^= table[5 * 256 + Int(low >> 16 & 0xFF)] ^ table[4 * 256 + Int(low >> 24)]
        crc ^= table[3 * 256 + Int(high & 0xFF)] ^ table[2 * 256 + Int(high >> 8 & 0xFF)]
        crc ^= table[1 * 256 + Int(high >> 16 & 0xFF)] ^ table[Int(high >> 24)]
        position += 8
      }
      while position < bytes.count {
        crc = table[Int((crc ^ UInt32(bytes[position])) & 0xFF)] ^ (crc >> 8)
        position += 1
      }
      return ~crc
    }
  }
}
