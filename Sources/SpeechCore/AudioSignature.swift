import Foundation

/// Recognises the accepted kinds of audio files by their first bytes: WAV, FLAC, Ogg and MP3. It is checked before any
/// decoder sees the data, because a decoding library reads many more kinds, some of them rarely used and little tested.
public enum AudioSignature {
  /// Bytes that are enough to decide.
  public static let length = 12

  public static func matches(_ data: Data) -> Bool {
    let head = [UInt8](data.prefix(length))
    func has(_ text: String, at offset: Int = 0) -> Bool {
      Array(head.dropFirst(offset).prefix(text.utf8.count)) == Array(text.utf8)
    }
    if has("RIFF") || has("RF64") || has("RIFX") { return has("WAVE", at: 8) }
    if has("fLaC") || has("OggS") || has("ID3") { return true }
    // An MPEG audio frame: eleven set bits, layer not reserved.
    return head.count >= 2 && head[0] == 0xFF && head[1] & 0xE0 == 0xE0 && head[1] & 0x06 != 0
  }
}
