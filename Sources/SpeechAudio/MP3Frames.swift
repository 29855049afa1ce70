import Foundation

/// The part of MPEG-2 layer III framing (ISO 13818-3, 24 kHz) that streaming needs.
enum MP3Frames {
  /// Kilobits per second, by the bit-rate index of the header.
  private static let bitRates = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
  private static let sampleRates = [22_050, 24_000, 16_000]

  /// Removes the first frame. Data that does not start with a frame is returned unchanged.
  static func droppingFirst(_ data: Data) -> Data {
    guard let length = lengthOfFirst([UInt8](data.prefix(4))), length <= data.count else { return data }
    return Data(data.dropFirst(length))
  }

  private static func lengthOfFirst(_ header: [UInt8]) -> Int? {
    guard header.count == 4, header[0] == 0xFF, header[1] & 0xFE == 0xF2 else { return nil }
    let bitRate = Int(header[2] >> 4)
    let sampleRate = Int(header[2] >> 2 & 3)
    guard bitRates.indices.contains(bitRate), sampleRates.indices.contains(sampleRate) else { return nil }
    let padding = Int(header[2] >> 1 & 1)
    return 72 * bitRates[bitRate] * 1_000 / sampleRates[sampleRate] + padding
  }
}
