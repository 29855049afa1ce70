import ArgumentParser
import CAudioDecoder
import Foundation

/// The decoder's process. The service starts it with a recording as standard input, and reads samples from standard output.
struct DecodeAudio: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode-audio", abstract: "Decodes one recording for the service.",
    discussion: """
      EXAMPLES
        speechbus decode-audio mov < recording.m4a | wc -c
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

/// The encoder's process. The service starts it with a socket as standard input and output.
struct EncodeAudio: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encode-audio", abstract: "Encodes AAC for the service.",
    discussion: """
      EXAMPLES
        speechbus encode-audio m4a 24000 1 64000 0 "Synthetic speech"
      """, shouldDisplay: false)

  @Argument(help: "adts or m4a.") var container: String
  @Argument(help: "Hertz.") var sampleRate: UInt32
  @Argument(help: "1 or 2.") var channels: UInt32
  @Argument(help: "Bits per second.") var bitrate: UInt32
  @Argument(help: "1 for a stream, 0 for a file.") var isStream: CInt
  @Argument(help: "The comment in an m4a file.") var comment: String

  func run() throws {
    let limits = audio_decoder_limits(memory: 256 << 20, seconds: 600)
    _exit(
      container.withCString { container in
        comment.withCString { comment in
          audio_encoder_run(
            audio_encoder_settings(
              container: container, sample_rate: sampleRate, channels: channels, bitrate: bitrate, is_stream: isStream,
              comment: comment), limits)
        }
      })
  }
}
