import CSndfile
import Foundation
import SpeechCore

/// Encodes mono speech piece by piece. The results of ``append(_:)`` and ``finish()``, concatenated, are the encoded
/// audio. For a whole file use ``encode(_:format:sampleRate:)``, which may also update headers at the end.
///
/// Not thread-safe: only one task may use an encoder.
public final class AudioEncoder {
  private let format: AudioFormat
  private let file = MemoryFile()
  private var sound: SoundFile?
  private var isFirstPiece = true

  /// - Parameter sampleRate: in Hz.
  /// - Throws: `internal` when the installed libsndfile does not support the format.
  public init(format: AudioFormat, sampleRate: Int = 24_000) throws(SpeechError) {
    self.format = format
    guard let container = format.container else { return }
    let info = SF_INFO(
      frames: 0, samplerate: CInt(sampleRate), channels: 1, format: CInt(container), sections: 0, seekable: 0)
    sound = SoundFile(file, mode: CInt(SFM_WRITE), info: info)
    guard sound != nil else {
      throw SpeechError(.internal, "the installed libsndfile cannot write \(format.rawValue)", field: "format")
    }
    // Players estimate the length of a stream from its first frames, so all frames have the same size: 64 kbit/s.
    if format == .mp3 { sound?.setConstantBitRate(compression: 0.63) }
    // By default an Ogg page is written when it is full, after about a second of sound. That delay is too long for a
    // stream.
    if format == .opus { sound?.setOggPageLatency(milliseconds: 200) }
  }

  /// Encodes samples, `[frameCount]` in [-1, 1], and returns the bytes that are ready. Throws `internal`.
  public func append(_ samples: [Float]) throws(SpeechError) -> Data {
    guard format != .pcm else { return PCM16.data(samples) }
    try write(samples)
    return piece(file.drain())
  }

  /// Ends the audio and returns the remaining bytes.
  public func finish() -> Data {
    sound = nil
    return piece(file.drain())
  }

  /// Encodes a whole file.
  /// - Parameters:
  ///   - samples: `[frameCount]` in [-1, 1]; values outside are clipped.
  ///   - sampleRate: in Hz.
  /// - Throws: `internal` when libsndfile cannot write the format.
  public static func encode(
    _ samples: [Float], format: AudioFormat, sampleRate: Int = 24_000
  ) throws(SpeechError) -> Data {
    guard format != .pcm else { return PCM16.data(samples) }
    let encoder = try AudioEncoder(format: format, sampleRate: sampleRate)
    try encoder.write(samples)
    encoder.sound = nil
    return encoder.stamped(Data(encoder.file.bytes))
  }

  private func write(_ samples: [Float]) throws(SpeechError) {
    let written =
      switch format {
      case .wav, .flac: sound?.write(PCM16.samples(samples))
      case .mp3, .opus: sound?.write(samples.map { min(max($0, -1), 1) })
      case .pcm: true
      }
    guard written == true else { throw SpeechError(.internal, "encoding \(format.rawValue) failed") }
  }

  private func piece(_ data: Data) -> Data {
    guard !data.isEmpty else { return data }
    defer { isFirstPiece = false }
    // The first MP3 frame is a placeholder for totals that are known only at the end, so a stream omits it.
    if format == .mp3, isFirstPiece, let first = MPEGAudioFrame([UInt8](data.prefix(4))), first.length <= data.count {
      return Data(data.dropFirst(first.length))
    }
    return stamped(data)
  }

  /// libsndfile derives the Ogg serial number from the clock. It is replaced, because equal requests must give equal
  /// bytes.
  private func stamped(_ data: Data) -> Data {
    format == .opus ? OggPages.withSerialNumber(0x5342_5553, in: data) : data
  }
}

extension AudioFormat {
  /// libsndfile's format code; nil for headerless samples.
  fileprivate var container: Int? {
    switch self {
    case .wav: SF_FORMAT_WAV | SF_FORMAT_PCM_16
    case .flac: SF_FORMAT_FLAC | SF_FORMAT_PCM_16
    case .mp3: SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III
    case .opus: SF_FORMAT_OGG | SF_FORMAT_OPUS
    case .pcm: nil
    }
  }
}
