import CSndfile
import Foundation
import SpeechCore

/// What a recording's header says. Its length is a claim: decoding has bounds of its own.
public struct AudioHeader: Sendable, Equatable {
  /// Hertz.
  public var sampleRate: Int
  public var channels: Int
  /// Samples of one channel; nil when the header does not say.
  public var frameCount: Int?

  public init(sampleRate: Int, channels: Int, frameCount: Int?) {
    self.sampleRate = sampleRate
    self.channels = channels
    self.frameCount = frameCount
  }

  public var seconds: Double? { frameCount.map { Double($0) / Double(sampleRate) } }

  /// Samples that decoding gives when it keeps so many seconds.
  public func keptFrames(seconds: Double) -> Int {
    let most = Int(seconds * Double(sampleRate))
    return frameCount.map { min($0, most) } ?? most
  }
}

/// Decodes reference audio of any format libsndfile reads, within limits that don't trust the file's header.
public struct AudioDecoder: Sendable {
  public var maximumBytes: Int
  public var maximumSeconds: Double
  public var maximumChannels: Int
  /// Rate × channels × seconds: ten minutes of stereo at 48 kHz.
  public var maximumSamples: Int
  public var sampleRates: ClosedRange<Int>
  /// Upstream drops conditioning chunks under 0.33 s.
  public var minimumSeconds: Double

  public init(
    maximumBytes: Int = 10 << 20, maximumSeconds: Double = 600, maximumChannels: Int = 8,
    maximumSamples: Int = 600 * 48_000 * 2, sampleRates: ClosedRange<Int> = 8_000...192_000,
    minimumSeconds: Double = 0.33
  ) {
    self.maximumBytes = maximumBytes
    self.maximumSeconds = maximumSeconds
    self.maximumChannels = maximumChannels
    self.maximumSamples = maximumSamples
    self.sampleRates = sampleRates
    self.minimumSeconds = minimumSeconds
  }

  /// Reads and checks the header alone, so that the memory for decoding is known before.
  /// - Throws: as ``decode(_:field:keeping:)``.
  public func header(of data: Data, field: String? = nil) throws(SpeechError) -> AudioHeader {
    try checked(try open(data, field: field), field: field)
  }

  /// - Parameters:
  ///   - field: the request field the audio came in, for error messages.
  ///   - seconds: decoding ends after so many; nil decodes all.
  /// - Returns: mono (the channels' mean) at the file's own sample rate, clipped to [-1, 1], in an array of its size.
  /// - Throws: `invalid_audio`, `audio_too_short` or `audio_too_large`.
  public func decode(
    _ data: Data, field: String? = nil, keeping seconds: Double? = nil
  ) throws(SpeechError) -> AudioClip {
    let file = try open(data, field: field)
    let header = try checked(file, field: field)
    let samples = try readMono(file, header, keeping: seconds, field: field)
    guard Double(samples.count) >= minimumSeconds * Double(header.sampleRate) else {
      throw SpeechError(.audioTooShort, "audio must last at least \(minimumSeconds) seconds", field: field)
    }
    return AudioClip(samples: samples, sampleRate: header.sampleRate)
  }

  private func open(_ data: Data, field: String?) throws(SpeechError) -> SoundFile {
    guard data.count <= maximumBytes else {
      throw SpeechError(.audioTooLarge, "audio may have at most \(maximumBytes) bytes", field: field)
    }
    guard AudioSignature.matches(data), let file = SoundFile(MemoryFile(data), mode: CInt(SFM_READ)) else {
      throw SpeechError(.invalidAudio, "audio is not a readable WAV, FLAC, MP3 or OGG file", field: field)
    }
    return file
  }

  private func checked(_ file: borrowing SoundFile, field: String?) throws(SpeechError) -> AudioHeader {
    // libsndfile says 0 or the largest number where it does not know.
    let frames = (1...(1 << 48)).contains(file.info.frames) ? Int(file.info.frames) : nil
    let header = AudioHeader(
      sampleRate: Int(file.info.samplerate), channels: Int(file.info.channels), frameCount: frames)
    guard (1...maximumChannels).contains(header.channels) else {
      throw SpeechError(.invalidAudio, "audio may have 1 to \(maximumChannels) channels", field: field)
    }
    guard sampleRates.contains(header.sampleRate) else {
      let limits = "\(sampleRates.lowerBound) to \(sampleRates.upperBound)"
      throw SpeechError(.invalidAudio, "audio must have a sample rate of \(limits) Hz", field: field)
    }
    if let seconds = header.seconds, seconds > maximumSeconds { throw tooLong(field) }
    let samples = (frames ?? 0) * header.channels
    guard samples <= maximumSamples else {
      throw SpeechError(
        .audioTooLarge,
        "audio may have at most \(maximumSamples) samples (rate × channels × seconds), not \(samples)", field: field)
    }
    return header
  }

  private func tooLong(_ field: String?) -> SpeechError {
    SpeechError(.audioTooLarge, "audio may last at most \(Int(maximumSeconds)) seconds", field: field)
  }

  private func readMono(
    _ file: borrowing SoundFile, _ header: AudioHeader, keeping seconds: Double?, field: String?
  ) throws(SpeechError) -> [Float] {
    let channels = header.channels
    let maximumFrames = Int(maximumSeconds * Double(header.sampleRate))
    let wantedFrames = seconds.map { Int($0 * Double(header.sampleRate)) } ?? .max
    var block = [Float](repeating: 0, count: 16_384 * channels)
    var samples: [Float] = []
    while samples.count < wantedFrames {
      let frames = min(file.read(into: &block), wantedFrames - samples.count)
      guard frames > 0 else { break }
      guard samples.count + frames <= maximumFrames else { throw tooLong(field) }
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
    // A copy of the right size: appending left up to twice the memory, and the clip may wait for the engine.
    return samples.withUnsafeBufferPointer { Array($0) }
  }
}
