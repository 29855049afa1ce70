/// The formats of reply audio.
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
  /// AAC-LC in ADTS frames.
  case aac
  /// AAC-LC in an MPEG-4 file; a stream is fragmented.
  case m4a
  /// Headerless µ-law samples (ITU-T G.711), 8 bits.
  case mulaw
  /// Headerless A-law samples (ITU-T G.711), 8 bits.
  case alaw

  /// The value of `Content-Type`.
  public var mediaType: String {
    switch self {
    case .wav: "audio/wav"
    case .flac: "audio/flac"
    case .mp3: "audio/mpeg"
    case .opus: "audio/ogg"
    case .pcm: "audio/pcm"
    case .aac: "audio/aac"
    case .m4a: "audio/mp4"
    case .mulaw: "audio/PCMU"
    case .alaw: "audio/PCMA"
    }
  }

  /// Without the dot.
  public var fileExtension: String {
    switch self {
    case .opus: "ogg"
    case .mulaw: "ulaw"
    default: rawValue
    }
  }

  /// The format of a file's name; nil for other names.
  public init?(fileExtension: String) {
    let name = fileExtension.lowercased()
    let others: [String: AudioFormat] = ["oga": .opus, "ulaw": .mulaw, "mp4": .m4a]
    guard
      let format = AudioFormat(rawValue: name) ?? others[name]
        ?? Self.allCases.first(where: { $0.fileExtension == name })
    else { return nil }
    self = format
  }

  /// The sample rate when a request names none, in hertz.
  public var usualSampleRate: Int { self == .mulaw || self == .alaw ? 8_000 : 24_000 }
}
