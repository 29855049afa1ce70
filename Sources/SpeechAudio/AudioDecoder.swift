import CSndfile
import Foundation
import SpeechCore

/// Decodes reference audio of any format that libsndfile reads. The limits are checked on the decoded data, because the
/// file's header may be wrong.
public struct AudioDecoder: Sendable {
  /// The largest file.
  public var maximumBytes: Int
  /// The longest duration.
  public var maximumSeconds: Double
  public var maximumChannels: Int
  /// Accepted sample rates in Hz.
  public var sampleRates: ClosedRange<Int>
  /// The shortest duration. The default is 0.33 s, because XTTS' original code drops conditioning chunks below that.
  public var minimumSeconds: Double

  public init(
    maximumBytes: Int = 10 << 20, maximumSeconds: Double = 600, maximumChannels: Int = 8,
    sampleRates: ClosedRange<Int> = 8_000...192_000, minimumSeconds: Double = 0.33
  ) {
    self.maximumBytes = maximumBytes
    self.maximumSeconds = maximumSeconds
    self.maximumChannels = maximumChannels
    self.sampleRates = sampleRates
    self.minimumSeconds = minimumSeconds
  }

  /// Decodes a whole file.
  /// - Parameter field: the request field of the audio, for error messages.
  /// - Returns: mono (the channels' mean) at the file's own sample rate, clipped to [-1, 1].
  /// - Throws: `invalid_audio`, `audio_too_short` or `audio_too_large`.
  public func decode(_ data: Data, field: String? = nil) throws(SpeechError) -> AudioClip {
    guard data.count <= maximumBytes else {
      throw SpeechError(.audioTooLarge, "audio may have at most \(maximumBytes) bytes", field: field)
    }
    guard let file = SoundFile(MemoryFile(data), mode: CInt(SFM_READ)) else {
      throw SpeechError(.invalidAudio, "audio is not a readable WAV, FLAC, MP3 or OGG file", field: field)
    }
    let rate = Int(file.info.samplerate)
    let channels = Int(file.info.channels)
    guard (1...maximumChannels).contains(channels) else {
      throw SpeechError(.invalidAudio, "audio may have 1 to \(maximumChannels) channels", field: field)
    }
    guard sampleRates.contains(rate) else {
      let limits = "\(sampleRates.lowerBound) to \(sampleRates.upperBound)"
      throw SpeechError(.invalidAudio, "audio must have a sample rate of \(limits) Hz", field: field)
    }
    let samples = try readMono(file, rate: rate, channels: channels, field: field)
    guard Double(samples.count) >= minimumSeconds * Double(rate) else {
      throw SpeechError(.audioTooShort, "audio must last at least \(minimumSeconds) seconds", field: field)
    }
    return AudioClip(samples: samples, sampleRate: rate)
  }

  private func readMono(
    _ file: borrowing SoundFile, rate: Int, channels: Int, field: String?
  ) throws(SpeechError) -> [Float] {
    let maximumFrames = Int(maximumSeconds * Double(rate))
    var block = [Float](repeating: 0, count: 16_384 * channels)
    var samples: [Float] = []
    while true {
      let frames = file.read(into: &block)
      guard frames > 0 else { return samples }
      guard samples.count + frames <= maximumFrames else {
        throw SpeechError(.audioTooLarge, "audio may last at most \(Int(maximumSeconds)) seconds", field: field)
      }
      for frame in 0..<frames {
        var sum: Float = 0
        for channel in 0..<channels { sum += block[frame * channels + channel] }
        let mean = sum / Float(channels)
        guard mean.isFinite else {
          throw SpeechError(.invalidAudio, "audio holds samples that are not finite numbers", field: field)
        }
        samples.append(min(max(mean, -1), 1))
      }
    }
  }
}
