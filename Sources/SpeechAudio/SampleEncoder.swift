import Foundation
import SpeechCore

/// One format's encoder of interleaved samples in [-1, 1]. The results, concatenated, are the encoded audio; a whole file
/// may come from ``finish()`` alone.
protocol SampleEncoder {
  func append(_ samples: [Float]) throws(SpeechError) -> Data
  func finish() throws(SpeechError) -> Data
}

/// Headerless samples.
struct RawEncoder: SampleEncoder {
  private let encode: @Sendable ([Float]) -> Data

  /// - Returns: nil for other formats.
  init?(_ format: AudioFormat) {
    switch format {
    case .pcm: encode = PCM16.data
    case .mulaw: encode = { Data(PCM16.samples($0).map(G711.muLaw)) }
    case .alaw: encode = { Data(PCM16.samples($0).map(G711.aLaw)) }
    default: return nil
    }
  }

  func append(_ samples: [Float]) -> Data { encode(samples) }
  func finish() -> Data { Data() }
}

/// RIFF WAV with 16-bit samples. A stream has a header of unknown length, with which players play what comes.
final class WAVEncoder: SampleEncoder {
  private let encoding: AudioEncoding
  private let isStream: Bool
  private let comment: String?
  private var samples = Data()
  private var isStarted = false

  init(_ encoding: AudioEncoding, isStream: Bool, comment: String?) {
    (self.encoding, self.isStream, self.comment) = (encoding, isStream, comment)
  }

  func append(_ samples: [Float]) -> Data {
    let data = PCM16.data(samples)
    guard isStream else {
      self.samples += data
      return Data()
    }
    defer { isStarted = true }
    return isStarted ? data : streamHeader + data
  }

  func finish() -> Data {
    guard !isStream else { return isStarted ? Data() : streamHeader }
    // The samples come first, because some readers skip 44 bytes without reading them.
    let list = self.list
    let size = 36 + samples.count + list.count
    return header(riff: size) + chunk("data", samples.count) + samples + list
  }

  private var streamHeader: Data {
    header(riff: Int(UInt32.max)) + list + chunk("data", Int(UInt32.max))
  }

  private func header(riff size: Int) -> Data {
    let frame = encoding.channels * 2
    return chunk("RIFF", size) + Data("WAVE".utf8) + chunk("fmt ", 16) + number(UInt16(1))
      + number(UInt16(encoding.channels)) + number(UInt32(encoding.sampleRate))
      + number(UInt32(encoding.sampleRate * frame)) + number(UInt16(frame)) + number(UInt16(16))
  }

  private var list: Data {
    guard let comment else { return Data() }
    var text = Data(comment.utf8) + [0]
    let count = text.count
    if count % 2 == 1 { text.append(0) }
    return chunk("LIST", 12 + text.count) + Data("INFO".utf8) + chunk("ICMT", count) + text
  }

  private func chunk(_ name: String, _ size: Int) -> Data { Data(name.utf8) + number(UInt32(clamping: size)) }

  private func number(_ value: some FixedWidthInteger) -> Data {
    withUnsafeBytes(of: value.littleEndian) { Data($0) }
  }
}
