import SpeechAudio

/// The libraries that read recordings, and write AAC.
enum DecoderChoice: String, CaseIterable, Sendable {
  case ffmpeg, sndfile

  /// - Parameter onCrash: called when FFmpeg's process does not end by itself.
  func decoder(onCrash: @escaping @Sendable () -> Void = {}) -> AudioDecoder {
    var process = DecoderProcess.ownProgram
    process.onCrash = onCrash
    return AudioDecoder(process: self == .ffmpeg ? process : nil)
  }

  /// Encodes AAC; nil without FFmpeg.
  var encoder: EncoderProcess? { self == .ffmpeg ? .ownProgram : nil }
}
