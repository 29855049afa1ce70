import Foundation

/// Corrects the mistakes of recorders that libsndfile takes literally.
enum WAVChunks {
  private static let headerSize = 8

  /// The file with two mistakes corrected: a data chunk of length 0, written before the length was known, reaches to the
  /// end of the file; a chunk of odd length without the pad byte gets one. Other files are returned unchanged.
  static func corrected(_ data: Data) -> Data {
    var bytes = [UInt8](data)
    guard bytes.count >= 12, bytes[..<4].elementsEqual("RIFF".utf8) else { return data }
    var (start, isChanged) = (12, false)
    while start + headerSize <= bytes.count {
      let length = Int(number(at: start + 4, in: bytes))
      if bytes[start..<start + 4].elementsEqual("data".utf8) {
        let body = start + headerSize
        if length == 0, body < bytes.count, !isName(at: body, in: bytes) {
          put(bytes.count - body, at: start + 4, in: &bytes)
          isChanged = true
        }
        break
      }
      let end = start + headerSize + length
      guard end <= bytes.count else { break }
      if length % 2 == 1, !isName(at: end + 1, in: bytes), isName(at: end, in: bytes) {
        bytes.insert(0, at: end)
        isChanged = true
      }
      start = end + length % 2
    }
    guard isChanged else { return data }
    put(bytes.count - headerSize, at: 4, in: &bytes)
    return Data(bytes)
  }

  private static func number(at offset: Int, in bytes: [UInt8]) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
  }

  private static func put(_ value: Int, at offset: Int, in bytes: inout [UInt8]) {
    let value = UInt32(clamping: value)
    for byte in 0..<4 { bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> UInt32(8 * byte)) }
  }

  /// Whether a chunk may start here: four printable characters.
  private static func isName(at offset: Int, in bytes: [UInt8]) -> Bool {
    offset + headerSize <= bytes.count && bytes[offset..<offset + 4].allSatisfy { (0x20...0x7E).contains($0) }
  }
}
