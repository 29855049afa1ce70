/// How reply audio is encoded. Every format carries 24 kHz mono.
public enum AudioFormat: String, CaseIterable, Codable, Sendable {
  /// RIFF WAV, 16-bit.
  case wav
  /// FLAC, 16-bit.
  case flac
  /// MPEG-1/2 layer III.
  case mp3
  /// Opus in an Ogg container.
  case opus
  /// Headerless 16-bit little-endian samples.
  case pcm

  /// The value of `Content-Type`.
  public var mediaType: String {
    switch self {
    case .wav: "audio/wav"
    case .flac: "audio/flac"
    case .mp3: "audio/mpeg"
    case .opus: "audio/ogg"
    case .pcm: "audio/pcm"
    }
  }

  /// Without the dot.
  public var fileExtension: String {
    switch self {
    case .opus: "ogg"
    default: rawValue
    }
  }
}
