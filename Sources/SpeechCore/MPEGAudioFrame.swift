/// The header of an MPEG layer III frame (ISO 11172-3, ISO 13818-3), as far as it is needed to find the next frame.
public struct MPEGAudioFrame: Equatable {
  private static let bitRates = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
  private static let lowBitRates = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
  private static let sampleRates = [44_100, 48_000, 32_000]

  /// Hertz.
  var sampleRate: Int
  /// Bytes with the header.
  public var length: Int

  /// Reads the header. Nil if no frame starts at the offset.
  public init?(_ bytes: [UInt8], at offset: Int = 0) {
    guard offset + 4 <= bytes.count, bytes[offset] == 0xFF, bytes[offset + 1] & 0xE6 == 0xE2 else { return nil }
    // 3 is MPEG-1, 2 is MPEG-2, 0 is MPEG-2.5.
    let version = bytes[offset + 1] >> 3 & 3
    let (rate, frequency) = (Int(bytes[offset + 2] >> 4), Int(bytes[offset + 2] >> 2 & 3))
    guard version != 1, rate > 0, rate < 15, frequency < 3 else { return nil }
    let isFirst = version == 3
    sampleRate = Self.sampleRates[frequency] / (isFirst ? 1 : version == 2 ? 2 : 4)
    let bits = (isFirst ? Self.bitRates : Self.lowBitRates)[rate] * 1_000
    length = (isFirst ? 144 : 72) * bits / sampleRate + Int(bytes[offset + 2] >> 1 & 1)
  }

  /// The offset of the first frame that is followed by another one of the same sample rate.
  static func firstPair(in bytes: [UInt8]) -> Int? {
    bytes.indices.first { offset in
      guard let frame = MPEGAudioFrame(bytes, at: offset) else { return false }
      return MPEGAudioFrame(bytes, at: offset + frame.length)?.sampleRate == frame.sampleRate
    }
  }
}
