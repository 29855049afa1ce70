import Foundation

/// The kinds of audio files that are recognised.
public enum AudioContainer: String, CaseIterable, Sendable {
  case wav, flac, ogg, mp3, matroska, mov, aac, amr, caf
  /// Windows Media, which is recognised for its error message only.
  case asf

  /// The kind as messages name it.
  public var name: String {
    switch self {
    case .wav: "WAV"
    case .flac: "FLAC"
    case .ogg: "OGG"
    case .mp3: "MP3"
    case .matroska: "WebM or Matroska"
    case .mov: "M4A, MP4 or 3GP"
    case .aac: "AAC"
    case .amr: "AMR"
    case .caf: "CAF"
    case .asf: "WMA (Windows Media)"
    }
  }

  /// Whether the decoder inside this process, libsndfile, can read it.
  public var isBasic: Bool { [.wav, .flac, .ogg, .mp3].contains(self) }
}

/// Recognises the accepted kinds of audio files by their first bytes. It is checked before any decoder sees the data,
/// because a decoding library reads many more kinds, some of them rarely used and little tested.
public enum AudioSignature {
  /// Bytes that are enough to decide. A cut MP3 file may start with the rest of a frame, or with zeros.
  public static let length = 8_192
  /// The accepted kinds without and with FFmpeg, for messages.
  public static let basicKinds = "WAV, FLAC, MP3 or OGG"
  /// The accepted kinds with FFmpeg.
  public static let allKinds = "WAV, FLAC, MP3, OGG, WebM, M4A, MP4, 3GP, AAC, AMR or CAF"

  /// Whether the file is of an accepted kind.
  public static func matches(_ data: Data) -> Bool {
    container(of: data).map { $0 != .asf } ?? false
  }

  /// The kind of file; nil if it is none of them.
  public static func container(of data: Data) -> AudioContainer? {
    let head = [UInt8](data.prefix(length))
    func has(_ text: String, at offset: Int = 0) -> Bool {
      head.dropFirst(offset).prefix(text.utf8.count).elementsEqual(text.utf8)
    }
    if has("RIFF") || has("RF64") || has("RIFX") { return has("WAVE", at: 8) ? .wav : nil }
    if has("fLaC") { return .flac }
    if has("OggS") { return .ogg }
    if has("ID3") { return .mp3 }
    if head.starts(with: [0x1A, 0x45, 0xDF, 0xA3]) { return .matroska }
    if has("ftyp", at: 4) { return .mov }
    if has("#!AMR") { return .amr }
    if has("caff") { return .caf }
    if head.starts(with: [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]) { return .asf }
    if isADTS(head) { return .aac }
    // An MPEG audio frame: eleven set bits, layer not reserved.
    if head.count >= 2, head[0] == 0xFF, head[1] & 0xE0 == 0xE0, head[1] & 0x06 != 0 { return .mp3 }
    return MPEGAudioFrame.firstPair(in: head) == nil ? nil : .mp3
  }

  /// Twelve set bits, layer 0, a sampling frequency that exists, and a frame that is longer than its header.
  private static func isADTS(_ head: [UInt8]) -> Bool {
    guard head.count >= 7, head[0] == 0xFF, head[1] & 0xF6 == 0xF0, head[2] >> 2 & 0x0F < 13 else { return false }
    return Int(head[3] & 0x03) << 11 | Int(head[4]) << 3 | Int(head[5] >> 5) > 7
  }
}
