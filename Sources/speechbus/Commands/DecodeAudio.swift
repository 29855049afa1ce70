import ArgumentParser
import CAudioDecoder
import Foundation

/// The decoder's process. The service starts it with a recording as standard input, and reads samples from standard output.
struct DecodeAudio: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode-audio", abstract: "Decodes one recording for the service.",
    discussion: """
      EXAMPLES
        speechbus decode-audio mov < recording.m4a > samples
      """, shouldDisplay: false)

  @Argument(help: "The container, by FFmpeg's name.") var container: String
  @Option(help: "Bytes of memory for decoding.") var memory: UInt64 = 256 << 20
  @Option(help: "Seconds of processor time.") var seconds: UInt32 = 10

  func run() throws {
    let limits = audio_decoder_limits(memory: memory, seconds: seconds)
    // Without the handlers that run at the exit: they may need what the process must no longer do.
    _exit(audio_decoder_run(container, limits))
  }
}
