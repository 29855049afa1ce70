import CSndfile
import Foundation
import SpeechCore

/// The header of a recording. Its length may be wrong, so decoding has separate limits.
struct AudioHeader: Sendable, Equatable {
  /// The sample rate in hertz.
  var sampleRate: Int
  var channels: Int
  /// Samples per channel; nil when the header does not contain the number.
  var frameCount: Int?

  var seconds: Double? { frameCount.map { Double($0) / Double(sampleRate) } }

  /// The number of samples per channel that decoding returns when it keeps `seconds`.
  func keptFrames(seconds: Double) -> Int {
    let most = Int(seconds * Double(sampleRate))
    return frameCount.map { min($0, most) } ?? most
  }
}

/// A decoded recording, or its beginning.
public struct DecodedAudio: Sendable, Equatable {
  /// Mono at the file's own sample rate (at most 48 kHz where FFmpeg decodes), in [-1, 1], in an array of its size.
  public var clip: AudioClip
  /// Seconds of the whole recording, without skipped silence; less than the truth if its header does not name a length.
  public var recordingSeconds: Double
  /// Seconds of silence before the clip that were skipped because the recording is longer than the kept part.
  var skippedSeconds: Double
  /// Whether the channels cancel, so that the clip is the loudest channel instead of their mean.
  var isSingleChannel: Bool
}

/// Decodes reference audio: with libsndfile in this process, other kinds with FFmpeg in a process per recording. The
/// limits hold even if the file's header is wrong.
public struct AudioDecoder: Sendable {
  /// The largest file.
  public var maximumBytes = 25 << 20
  /// The longest duration.
  var maximumSeconds = 600.0
  var maximumChannels = 8
  /// The largest number of samples of all channels together: ten minutes of stereo at 48 kHz.
  var maximumSamples = 600 * 48_000 * 2
  var sampleRates = 8_000...192_000
  /// The shortest duration: 0.33 s, because XTTS' original code drops conditioning chunks below that.
  var minimumSeconds = 0.33
  /// FFmpeg's decoder; nil reads only WAV, FLAC, MP3 and OGG.
  var process: DecoderProcess?

  /// Reads and checks only the header.
  /// - Throws: the errors of ``decode(_:field:keeping:)``.
  func header(of data: Data, field: String? = nil) throws(SpeechError) -> AudioHeader {
    try withSource(data, field: field) { header, _ throws(SpeechError) in header }
  }

  /// The bytes of memory for decoding, known before it: the samples, and a copy of the file.
  /// - Throws: the errors of ``decode(_:field:keeping:)`` for a header that libsndfile reads.
  public func memoryBytes(of data: Data, keeping seconds: Double, field: String? = nil) throws(SpeechError) -> Int {
    var frames = Int(seconds * Double(Self.fastestSampleRate))
    if let file = basicFile(data, try container(of: data, field: field)) {
      frames = try checked(header(of: file), field: field).keptFrames(seconds: seconds)
    }
    return frames * MemoryLayout<Float>.size + data.count
  }

  /// Decodes a file. Blocks the thread.
  /// - Parameters:
  ///   - field: the request field of the audio, for error messages.
  ///   - seconds: the duration after which decoding ends; nil decodes the whole file.
  /// - Returns: mono (the channels' mean) at the file's own sample rate, clipped to [-1, 1], in an array of its size.
  /// - Throws: `invalid_audio`, `audio_too_short` or `audio_too_large`; `overloaded` if many recordings wait for FFmpeg.
  public func decode(
    _ data: Data, field: String? = nil, keeping seconds: Double? = nil
  ) throws(SpeechError) -> AudioClip {
    try read(data, field: field, keeping: seconds).clip
  }

  /// ``decode(_:field:keeping:)`` with facts about the recording.
  public func read(
    _ data: Data, field: String? = nil, keeping seconds: Double? = nil
  ) throws(SpeechError) -> DecodedAudio {
    var (header, mix) = try mix(data, keeping: seconds, field: field)
    let channel = mix.channelInsteadOfMean
    if let channel { (header, mix) = try self.mix(data, keeping: seconds, choice: .channel(channel), field: field) }
    let rate = Double(header.sampleRate)
    guard Double(mix.samples.count) >= minimumSeconds * rate else {
      // Only silence was dropped, so only silence remains.
      if mix.skippedFrames > 0 { throw SpeechError(.invalidAudio, "the audio is silent", field: field) }
      throw SpeechError(.audioTooShort, "audio must last at least \(minimumSeconds) seconds", field: field)
    }
    // The copy has the exact size. Appending may have allocated twice the memory, and the clip may wait for the engine.
    let samples = mix.samples.withUnsafeBufferPointer { Array($0) }
    let frames = max(header.frameCount ?? 0, mix.readFrames) - mix.skippedFrames
    return DecodedAudio(
      clip: AudioClip(samples: samples, sampleRate: header.sampleRate), recordingSeconds: Double(frames) / rate,
      skippedSeconds: Double(mix.skippedFrames) / rate, isSingleChannel: channel != nil)
  }

  private func mix(
    _ data: Data, keeping seconds: Double?, choice: MonoMix.Choice = .mean, field: String?
  ) throws(SpeechError) -> (AudioHeader, MonoMix) {
    try withSource(data, field: field) { header, read throws(SpeechError) in
      var mix = MonoMix(
        channels: header.channels, sampleRate: header.sampleRate,
        wantedFrames: seconds.map { Int($0 * Double(header.sampleRate)) }, choice: choice)
      var block = [Float](repeating: 0, count: 16_384 * header.channels)
      while !mix.isFull {
        let frames = try read(&block)
        guard frames > 0 else { break }
        guard Double(mix.readFrames + frames) <= maximumSeconds * Double(header.sampleRate) else {
          throw tooLong(field)
        }
        try checkSamples((mix.readFrames + frames) * header.channels, field: field)
        guard mix.append(block, frames: frames) else {
          throw SpeechError(.invalidAudio, "audio holds samples that are not finite numbers", field: field)
        }
      }
      return (header, mix)
    }
  }
}

extension AudioDecoder {
  /// - Parameter process: FFmpeg's decoder; nil reads only WAV, FLAC, MP3 and OGG.
  public init(process: DecoderProcess? = nil) { self.init(maximumBytes: 25 << 20, process: process) }

  /// Hertz. FFmpeg's decoder resamples faster recordings.
  private static let fastestSampleRate = 48_000

  /// Reads interleaved frames into a block and returns their number; 0 at the end.
  private typealias Reader = (inout [Float]) throws(SpeechError) -> Int

  /// Opens the file with libsndfile, or with FFmpeg if libsndfile can't read it.
  private func withSource<Value>(
    _ data: Data, field: String?, _ body: (AudioHeader, Reader) throws(SpeechError) -> Value
  ) throws(SpeechError) -> Value {
    let container = try container(of: data, field: field)
    if let file = basicFile(data, container) {
      return try body(checked(header(of: file), field: field)) { block in file.read(into: &block) }
    }
    guard let process else {
      let what = container.isBasic ? "not a readable" : "\(container.name), not a"
      throw SpeechError(.invalidAudio, "audio is \(what) \(AudioSignature.basicKinds) file", field: field)
    }
    return try process.read(data, as: container, field: field) { header, decoder throws(SpeechError) in
      try body(try checked(header, field: field)) { block throws(SpeechError) in try decoder.read(into: &block) }
    }
  }

  private func container(of data: Data, field: String?) throws(SpeechError) -> AudioContainer {
    guard data.count <= maximumBytes else {
      throw SpeechError(.audioTooLarge, "audio may have at most \(maximumBytes) bytes", field: field)
    }
    let kinds = process == nil ? AudioSignature.basicKinds : AudioSignature.allKinds
    guard let container = AudioSignature.container(of: data) else {
      throw SpeechError(.invalidAudio, "audio is not a readable \(kinds) file", field: field)
    }
    guard container != .asf else {
      throw SpeechError(.invalidAudio, "audio is \(container.name), which is not read; send \(kinds)", field: field)
    }
    return container
  }

  /// nil if libsndfile can't read the file.
  private func basicFile(_ data: Data, _ container: AudioContainer) -> SoundFile? {
    guard container.isBasic else { return nil }
    let bytes = container == .wav ? WAVChunks.corrected(data) : data
    guard let file = SoundFile(MemoryFile(bytes), mode: CInt(SFM_READ)) else { return nil }
    // FFmpeg may find sound where libsndfile finds none.
    if file.info.frames == 0, process != nil { return nil }
    return consume file
  }

  private func header(of file: borrowing SoundFile) -> AudioHeader {
    // libsndfile returns 0 or the largest number for an unknown length.
    AudioHeader(
      sampleRate: Int(file.info.samplerate), channels: Int(file.info.channels),
      frameCount: (1...(1 << 48)).contains(file.info.frames) ? Int(file.info.frames) : nil)
  }

  private func checked(_ header: AudioHeader, field: String?) throws(SpeechError) -> AudioHeader {
    guard (1...maximumChannels).contains(header.channels) else {
      throw SpeechError(.invalidAudio, "audio may have 1 to \(maximumChannels) channels", field: field)
    }
    guard sampleRates.contains(header.sampleRate) else {
      let limits = "\(sampleRates.lowerBound) to \(sampleRates.upperBound)"
      throw SpeechError(.invalidAudio, "audio must have a sample rate of \(limits) Hz", field: field)
    }
    if let seconds = header.seconds, seconds > maximumSeconds { throw tooLong(field) }
    try checkSamples((header.frameCount ?? 0) * header.channels, field: field)
    return header
  }

  private func checkSamples(_ samples: Int, field: String?) throws(SpeechError) {
    guard samples <= maximumSamples else {
      throw SpeechError(
        .audioTooLarge,
        "audio may have at most \(maximumSamples) samples (rate × channels × seconds), not \(samples)", field: field)
    }
  }

  private func tooLong(_ field: String?) -> SpeechError {
    SpeechError(.audioTooLarge, "audio may last at most \(Int(maximumSeconds)) seconds", field: field)
  }
}
