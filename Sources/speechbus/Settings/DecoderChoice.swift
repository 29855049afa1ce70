import SpeechAudio

/// The libraries that read recordings.
enum DecoderChoice: String, CaseIterable, Sendable {
  case ffmpeg, sndfile

  var decoder: AudioDecoder { AudioDecoder(process: self == .ffmpeg ? .ownProgram : nil) }
}
