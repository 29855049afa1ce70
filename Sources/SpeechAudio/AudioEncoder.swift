import Foundation
import SpeechCore

/// Encodes mono speech piece by piece. The results of ``append(_:)`` and ``finish()``, concatenated, are the encoded
/// audio, as a stream that plays from its first bytes, or as a file with its lengths and index.
///
/// Not thread-safe: only one task may use an encoder.
public final class AudioEncoder {
  /// The comment in containers that have one. It is constant, because equal requests must give equal bytes.
  public static let mark = "Synthetic speech"

  private let channels: Int
  private var resampler: Resampler?
  private let encoder: any SampleEncoder

  /// - Parameters:
  ///   - isStream: whether each piece is returned at once; else most of the audio comes from ``finish()``.
  ///   - sourceRate: the sample rate of the samples, in Hz.
  ///   - comment: at most 100 characters of ASCII.
  ///   - process: encodes AAC; nil refuses it.
  /// - Throws: `invalid_request` for AAC without FFmpeg, `internal` when an encoder can't be started.
  public init(
    _ encoding: AudioEncoding, isStream: Bool, sourceRate: Int = 24_000, comment: String? = mark,
    process: EncoderProcess? = nil
  ) throws(SpeechError) {
    channels = encoding.channels
    resampler = Resampler(from: sourceRate, to: encoding.sampleRate)
    if let raw = RawEncoder(encoding.format) {
      encoder = raw
    } else if let file = try SoundFileEncoder(encoding, isStream: isStream, comment: comment) {
      encoder = file
    } else if encoding.format == .wav {
      encoder = WAVEncoder(encoding, isStream: isStream, comment: comment)
    } else {
      encoder = try AACEncoder(process, encoding, isStream: isStream, comment: comment ?? "")
    }
  }

  /// Encodes samples, `[frameCount]`, and returns the bytes that are ready. Values outside [-1, 1] are clipped.
  /// - Throws: `internal`.
  public func append(_ samples: [Float]) throws(SpeechError) -> Data {
    try encode(resampler?.append(samples) ?? samples)
  }

  /// Ends the audio and returns the remaining bytes. Throws `internal`.
  public func finish() throws(SpeechError) -> Data {
    let rest = try encode(resampler?.finish() ?? [])
    return rest + (try encoder.finish())
  }

  private func encode(_ samples: [Float]) throws(SpeechError) -> Data {
    guard !samples.isEmpty else { return Data() }
    return try encoder.append(channels == 1 ? samples : samples.flatMap { [$0, $0] })
  }

  /// Encodes a whole recording at its own sample rate, without a mark.
  /// - Parameters:
  ///   - samples: `[frameCount]` in [-1, 1]; values outside are clipped.
  ///   - sampleRate: in Hz.
  /// - Throws: `internal` when libsndfile cannot write the format.
  public static func encode(
    _ samples: [Float], format: AudioFormat, sampleRate: Int = 24_000
  ) throws(SpeechError) -> Data {
    let encoder = try AudioEncoder(
      AudioEncoding(format, sampleRate: sampleRate), isStream: false, sourceRate: sampleRate, comment: nil)
    let start = try encoder.append(samples)
    return start + (try encoder.finish())
  }
}
