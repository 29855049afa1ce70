import Foundation

/// Replaces the stream serial number of whole Ogg pages (RFC 3533) and updates their checksums.
enum OggPages {
  private static let headerSize = 27
  private static let serialOffset = 14
  private static let checksumOffset = 22

  /// Returns the pages with the new serial number. Bytes that are not an Ogg page stay unchanged.
  static func withSerialNumber(_ serial: UInt32, in data: Data) -> Data {
    var bytes = [UInt8](data)
    var start = 0
    while let end = endOfPage(in: bytes, from: start) {
      put(serial, at: start + serialOffset, in: &bytes)
      put(0, at: start + checksumOffset, in: &bytes)
      put(checksum(bytes[start..<end]), at: start + checksumOffset, in: &bytes)
      start = end
    }
    return Data(bytes)
  }

  private static func endOfPage(in bytes: [UInt8], from start: Int) -> Int? {
    guard bytes.count - start >= headerSize, bytes[start..<start + 4].elementsEqual("OggS".utf8) else { return nil }
    let segments = Int(bytes[start + headerSize - 1])
    let body = start + headerSize + segments
    guard body <= bytes.count else { return nil }
    let end = body + bytes[start + headerSize..<body].reduce(0) { $0 + Int($1) }
    return end <= bytes.count ? end : nil
  }

  private static func put(_ value: UInt32, at offset: Int, in bytes: inout [UInt8]) {
    for byte in 0..<4 { bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(byte))) }
  }

  /// CRC-32 with polynomial 0x04C11DB7, not reflected, no inversion.
  private static func checksum(_ page: ArraySlice<UInt8>) -> UInt32 {
    page.reduce(0) { crc, byte in (crc << 8) ^ table[Int((crc >> 24) ^ UInt32(byte))] }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index) << 24) { crc, _ in (crc << 1) ^ (crc & 0x8000_0000 != 0 ? 0x04C1_1DB7 : 0) }
  }
}
