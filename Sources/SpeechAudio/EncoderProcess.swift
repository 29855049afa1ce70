import CAudioDecoder
import Foundation
import SpeechCore

/// FFmpeg's AAC encoder, which runs in its own process for each stream.
public struct EncoderProcess: Sendable {
  var executable: String
  /// The arguments before those of the encoding.
  var arguments: [String]
  /// Seconds of real time for one piece.
  var seconds = 30

  /// The running program as an encoder, also after its file was replaced.
  public static let ownProgram = EncoderProcess(executable: "/proc/self/exe", arguments: ["encode-audio"])
}

/// A running encoder of AAC. Only one task uses it.
final class AACEncoder: SampleEncoder {
  private let format: AudioFormat
  private let channels: Int
  private let channel: CInt
  private let process: pid_t
  private var start: Data

  /// - Throws: `invalid_request` if FFmpeg is turned off or missing, `internal` if the process can't be started.
  init(
    _ process: EncoderProcess?, _ encoding: AudioEncoding, isStream: Bool, comment: String
  ) throws(SpeechError) {
    guard let process else {
      throw SpeechError(
        .invalidRequest, "\(encoding.format.rawValue) needs FFmpeg, which SPEECHBUS_DECODER=sndfile turns off",
        field: "format")
    }
    let numbers = [encoding.sampleRate, encoding.channels, encoding.bitrate ?? 64_000, isStream ? 1 : 0]
    let container = encoding.format == .m4a ? "m4a" : "adts"
    var channel: CInt = -1
    let child = HelperProcess.start(process.arguments + [container] + numbers.map(String.init) + [comment]) {
      audio_encoder_start(process.executable, $0, $1, CInt(process.seconds), &channel)
    }
    guard child > 0 else {
      throw SpeechError(.internal, "the audio encoder can't be started (\(String(cString: strerror(-child))))")
    }
    (format, channels, self.channel, self.process) = (encoding.format, encoding.channels, channel, child)
    start = Data()
    start = try answer()
  }

  deinit {
    close(channel)
    HelperProcess.end(process)
  }

  func append(_ samples: [Float]) throws(SpeechError) -> Data {
    var data = start
    start = Data()
    let block = Int(audio_encoder_block) * channels
    for from in stride(from: 0, to: samples.count, by: block) {
      data += try encode(samples[from..<min(from + block, samples.count)])
    }
    return data
  }

  func finish() throws(SpeechError) -> Data { start + (try encode([])) }

  private func encode(_ samples: ArraySlice<Float>) throws(SpeechError) -> Data {
    var count = UInt32(samples.count / channels)
    var samples = samples
    guard withUnsafeMutableBytes(of: &count, { transfer($0, Self.send) }),
      samples.withUnsafeMutableBytes({ transfer($0, Self.send) })
    else { throw failure() }
    return try answer()
  }

  private func answer() throws(SpeechError) -> Data {
    var count: Int32 = 0
    guard withUnsafeMutableBytes(of: &count, { transfer($0, Self.receive) }) else { throw failure() }
    guard count >= 0 else {
      guard count == -Int32(audio_decoder_not_installed.rawValue) else { throw failure() }
      throw SpeechError(
        .invalidRequest, "\(format.rawValue) needs FFmpeg's libraries, which this service does not have",
        field: "format")
    }
    var bytes = [UInt8](repeating: 0, count: Int(count))
    guard bytes.withUnsafeMutableBytes({ transfer($0, Self.receive) }) else { throw failure() }
    return Data(bytes)
  }

  private typealias Call = @Sendable (CInt, UnsafeMutableRawPointer?, Int) -> Int
  // Without a signal when the other end is closed.
  private static let send: Call = { Glibc.send($0, $1, $2, CInt(MSG_NOSIGNAL)) }
  private static let receive: Call = { Glibc.recv($0, $1, $2, 0) }

  /// - Returns: false if the process ended or took too long.
  private func transfer(_ bytes: UnsafeMutableRawBufferPointer, _ call: Call) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = call(channel, bytes.baseAddress?.advanced(by: done), bytes.count - done)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }

  private func failure() -> SpeechError { SpeechError(.internal, "the encoder of \(format.rawValue) ended early") }
}
