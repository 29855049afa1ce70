/// The form of a reply's audio: format, sample rate, channels and bit rate.
public struct AudioEncoding: Sendable, Equatable {
  /// The sample rates of replies, in hertz.
  public static let sampleRates = [8_000, 16_000, 22_050, 24_000, 44_100, 48_000]
  /// The bit rates that requests may name.
  public static let bitrates = 16_000...320_000
  /// The loudness that requests may name, in LUFS.
  public static let loudness: ClosedRange<Double> = -36 ... -10

  public var format: AudioFormat
  /// Hertz.
  public var sampleRate: Int
  /// 1, or 2 with the same sound.
  public var channels: Int
  /// Bits per second, within ``possibleBitrates``; nil for formats without a choice, and for Opus' own choice.
  public var bitrate: Int?

  /// - Parameter bitrate: the nearest possible one is taken.
  public init(_ format: AudioFormat, sampleRate: Int? = nil, channels: Int = 1, bitrate: Int? = nil) {
    self.format = format
    self.sampleRate = sampleRate ?? format.usualSampleRate
    self.channels = channels
    guard let possible = possibleBitrates else { return }
    let usual = format == .opus ? nil : 64_000 * channels
    self.bitrate = (bitrate ?? usual).map { min(max($0, possible.lowerBound), possible.upperBound) }
  }

  /// The bit rates that the format has at this sample rate and number of channels; nil for formats without a choice.
  public var possibleBitrates: ClosedRange<Int>? {
    switch format {
    case .mp3: sampleRate >= 32_000 ? 32_000...320_000 : sampleRate >= 16_000 ? 8_000...160_000 : 8_000...64_000
    case .opus: 6_000 * channels...256_000 * channels
    // A frame of 1,024 samples has at most 6,144 bits per channel.
    case .aac, .m4a: 8_000 * channels...6 * sampleRate * channels
    case .wav, .flac, .pcm, .mulaw, .alaw: nil
    }
  }
}
