import CSndfile
import Foundation
import SpeechCore

/// FLAC, MP3 and Opus, by libsndfile.
final class SoundFileEncoder: SampleEncoder {
  private let format: AudioFormat
  private let channels: Int
  private let isStream: Bool
  private let file = MemoryFile()
  private var sound: SoundFile?
  /// The tag in front of the first piece.
  private var tag = Data()
  private var isStarted = false

  /// - Returns: nil for other formats.
  /// - Throws: `internal` when the installed libsndfile does not support the format.
  init?(_ encoding: AudioEncoding, isStream: Bool, comment: String?) throws(SpeechError) {
    guard let container = encoding.format.container else { return nil }
    (format, channels, self.isStream) = (encoding.format, encoding.channels, isStream)
    let info = SF_INFO(
      frames: 0, samplerate: CInt(encoding.sampleRate), channels: CInt(channels), format: CInt(container), sections: 0,
      seekable: 0)
    sound = SoundFile(file, mode: CInt(SFM_WRITE), info: info)
    guard sound != nil else {
      throw SpeechError(.internal, "the installed libsndfile cannot write \(format.rawValue)", field: "format")
    }
    if let bitrate = encoding.bitrate, let possible = encoding.possibleBitrates {
      // libsndfile's compression goes from the largest bit rate (0) to the smallest (1). Players estimate the length of an
      // MP3 stream from its first frames, so all its frames have the same size.
      let range = Double(possible.upperBound - possible.lowerBound)
      sound?.setCompression(Double(possible.upperBound - bitrate) / range, isConstant: format == .mp3)
    }
    // By default an Ogg page is written when it is full, after about a second of sound. That delay is too long for a
    // stream.
    if format == .opus { sound?.setOggPageLatency(milliseconds: 200) }
    guard let comment else { return }
    // libsndfile would write an MP3's tag at the end.
    if format == .mp3 { tag = Self.id3Tag(comment) } else { sound?.setComment(comment) }
  }

  func append(_ samples: [Float]) throws(SpeechError) -> Data {
    let written =
      format == .flac
      ? sound?.write(PCM16.samples(samples)) : sound?.write(samples.map { min(max($0, -1), 1) })
    guard written == true else { throw SpeechError(.internal, "encoding \(format.rawValue) failed") }
    return isStream ? piece(file.drain()) : Data()
  }

  func finish() -> Data {
    sound = nil
    return isStream ? piece(file.drain()) : tag + stamped(Data(file.bytes))
  }

  private func piece(_ data: Data) -> Data {
    guard !data.isEmpty, !isStarted else { return stamped(data) }
    isStarted = true
    // The first MP3 frame is a placeholder for totals that are known only at the end, so a stream omits it.
    if format == .mp3, let first = MPEGAudioFrame([UInt8](data.prefix(4))), first.length <= data.count {
      return tag + data.dropFirst(first.length)
    }
    return tag + stamped(data)
  }

  /// libsndfile derives the Ogg serial number from the clock. It is replaced, because equal requests must give equal
  /// bytes.
  private func stamped(_ data: Data) -> Data {
    format == .opus ? OggPages.withSerialNumber(0x5342_5553, in: data) : data
  }

  /// An ID3v2.3 tag with one comment.
  private static func id3Tag(_ comment: String) -> Data {
    let text = Data([0]) + Data("eng".utf8) + [0] + Data(comment.utf8)
    let frame = Data("COMM".utf8) + [0, 0, 0, UInt8(text.count), 0, 0] + text
    return Data("ID3".utf8) + [3, 0, 0, 0, 0, 0, UInt8(frame.count)] + frame
  }
}

extension AudioFormat {
  /// libsndfile's format code; nil for formats that it does not write here.
  fileprivate var container: Int? {
    switch self {
    case .flac: SF_FORMAT_FLAC | SF_FORMAT_PCM_16
    case .mp3: SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III
    case .opus: SF_FORMAT_OGG | SF_FORMAT_OPUS
    default: nil
    }
  }
}
