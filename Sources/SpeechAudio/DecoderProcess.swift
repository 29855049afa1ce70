import CAudioDecoder
import Dispatch
import Foundation
import SpeechCore

/// FFmpeg's decoder, which runs in its own process for each recording: a damaged or hostile file ends only that process.
public struct DecoderProcess: Sendable {
  /// Decoders that run at a time, in the whole program. Each may use ``memory`` bytes.
  private static let slots = DispatchSemaphore(value: 4)

  var executable: String
  /// The arguments before the container's name and the limits.
  var arguments: [String]
  /// Bytes that a decoder may allocate.
  var memory = 256 << 20
  /// Seconds of processor time.
  var processorSeconds = 10
  /// Seconds of real time, without waiting for a free slot.
  var wallSeconds = 30.0
  /// Called when a process crashed, was killed or met its limit of time.
  public var onCrash: @Sendable () -> Void = {}

  /// The running program as a decoder, also after its file was replaced.
  public static let ownProgram = DecoderProcess(executable: "/proc/self/exe", arguments: ["decode-audio"])

  /// Starts a decoder, and passes its header and its reader to `body`. Blocks the thread until the decoder has ended.
  func read<Value>(
    _ data: Data, as container: AudioContainer, field: String?,
    _ body: (AudioHeader, RunningDecoder) throws(SpeechError) -> Value
  ) throws(SpeechError) -> Value {
    guard Self.slots.wait(timeout: .now() + wallSeconds) == .success else {
      throw SpeechError(.overloaded, "other recordings are being decoded; try again later", field: field)
    }
    defer { Self.slots.signal() }
    let decoder = try RunningDecoder(self, data, container, field: field)
    defer { decoder.end() }
    return try body(try decoder.header(), decoder)
  }
}

/// A started decoder. Only one thread uses it.
final class RunningDecoder {
  private let container: AudioContainer
  private let field: String?
  private let output: CInt
  private let limits: DecoderProcess
  private let deadline: DispatchTime
  private var process: pid_t
  private var channels = 1

  /// - Throws: `internal` if the process can't be started.
  init(
    _ limits: DecoderProcess, _ data: Data, _ container: AudioContainer, field: String?
  ) throws(SpeechError) {
    (self.limits, self.container, self.field) = (limits, container, field)
    deadline = .now() + limits.wallSeconds
    let arguments =
      limits.arguments + [
        container.rawValue, "--memory", "\(limits.memory)", "--seconds", "\(limits.processorSeconds)",
      ]
    var output: CInt = -1
    let process = HelperProcess.start(arguments) { arguments, environment in
      data.withUnsafeBytes {
        audio_decoder_start(limits.executable, arguments, environment, $0.baseAddress, $0.count, &output)
      }
    }
    guard process > 0 else {
      throw SpeechError(.internal, "the audio decoder can't be started (\(String(cString: strerror(-process))))")
    }
    (self.output, self.process) = (output, process)
  }

  deinit {
    end()
    close(output)
  }

  /// Reads the header, which comes first.
  /// - Throws: `invalid_audio` with the reason that the decoder gives.
  func header() throws(SpeechError) -> AudioHeader {
    var header = audio_decoder_header()
    let size = MemoryLayout<audio_decoder_header>.size
    let count = withUnsafeMutableBytes(of: &header) { fill($0) }
    guard let count else { throw stopped() }
    guard count == size, header.magic == UInt32(audio_decoder_magic) else {
      throw exitError() ?? invalid("the decoder of this service ended without a result")
    }
    if let message = message(header) { throw invalid(message) }
    channels = Int(header.channels)
    return AudioHeader(
      sampleRate: Int(header.sample_rate), channels: channels,
      frameCount: (1...(1 << 48)).contains(header.frames) ? Int(header.frames) : nil)
  }

  /// Reads interleaved float32 frames and returns their number, which is smaller than requested at the end.
  /// - Throws: `invalid_audio` if the decoder ended early or took too long.
  func read(into block: inout [Float]) throws(SpeechError) -> Int {
    let frameSize = channels * MemoryLayout<Float>.size
    guard let count = block.withUnsafeMutableBytes({ fill($0) }) else { throw stopped() }
    if count < block.count * MemoryLayout<Float>.size, let error = exitError() { throw error }
    return count / frameSize
  }

  /// Ends the process and waits for its exit.
  func end() {
    guard process > 0 else { return }
    HelperProcess.end(process)
    process = 0
  }

  /// Fills the buffer up to the end of the output and returns the number of bytes; nil when the time is over.
  private func fill(_ bytes: UnsafeMutableRawBufferPointer) -> Int? {
    var count = 0
    while count < bytes.count {
      let left = Int64(bitPattern: deadline.uptimeNanoseconds &- DispatchTime.now().uptimeNanoseconds) / 1_000_000
      var ready = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      let answer = left > 0 ? poll(&ready, 1, CInt(clamping: left)) : 0
      if answer < 0, errno == EINTR { continue }
      guard answer > 0 else { return nil }
      let read = Glibc.read(output, bytes.baseAddress?.advanced(by: count), bytes.count - count)
      if read < 0, errno == EINTR { continue }
      guard read > 0 else { break }
      count += read
    }
    return count
  }

  /// Waits for the exit after the end of the output. Returns the error of a decoder that did not end by itself.
  private func exitError() -> SpeechError? {
    guard process > 0 else { return nil }
    var status: CInt = 0
    while waitpid(process, &status, WNOHANG) == 0 {
      guard DispatchTime.now() < deadline else {
        return stopped()
      }
      usleep(1_000)
    }
    process = 0
    if status & 0x7F != 0 { limits.onCrash() }
    switch status & 0x7F {
    case 0: return status >> 8 & 0xFF == 0 ? nil : invalid("the audio could not be decoded to its end")
    case SIGXCPU, SIGALRM: return tooSlow()
    case SIGKILL: return invalid("the decoder was ended by the system while it read this recording")
    case let signal: return invalid("the decoder crashed on this recording (signal \(signal))")
    }
  }

  private func message(_ header: audio_decoder_header) -> String? {
    let codec = withUnsafeBytes(of: header.codec) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    return switch audio_decoder_status(header.status) {
    case audio_decoder_ok where (1...(1 << 20)).contains(header.sample_rate) && (1...255).contains(header.channels): nil
    case audio_decoder_no_audio: "the \(container.name) file holds no sound"
    case audio_decoder_codec_refused:
      "the sound of the \(container.name) file is encoded as \(codec), which is not read"
    case audio_decoder_not_installed:
      "\(container.name) needs FFmpeg's libraries, which this service does not have; it reads \(AudioSignature.basicKinds)"
    case audio_decoder_no_memory:
      "decoding this recording needs more than the \(limits.memory >> 20) MiB of memory that a decoder may use"
    default: "audio looks like \(container.name), but is not a readable file of that kind"
    }
  }

  private func invalid(_ message: String) -> SpeechError { SpeechError(.invalidAudio, message, field: field) }

  private func stopped() -> SpeechError {
    end()
    limits.onCrash()
    return tooSlow()
  }

  private func tooSlow() -> SpeechError {
    invalid(
      "decoding this recording takes more than \(limits.processorSeconds) s of processor time or "
        + "\(Int(limits.wallSeconds)) s")
  }
}
