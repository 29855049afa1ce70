import Foundation

/// Recognises audio by its first bytes, whatever the server calls it. Pure.
enum AudioSignature {
  /// Enough bytes to decide.
  static let length = 12

  static func matches(_ data: Data) -> Bool {
    let head = [UInt8](data.prefix(length))
    func has(_ text: String, at offset: Int = 0) -> Bool {
      Array(head.dropFirst(offset).prefix(text.utf8.count)) == Array(text.utf8)
    }
    if has("RIFF") || has("RF64") || has("RIFX") { return has("WAVE", at: 8) }
    if has("FORM") { return has("AIFF", at: 8) || has("AIFC", at: 8) }
    if has("fLaC") || has("OggS") || has("ID3") || has(".snd") || has("caff") { return true }
    // An MPEG audio frame: eleven set bits, layer not reserved.
    return head.count >= 2 && head[0] == 0xFF && head[1] & 0xE0 == 0xE0 && head[1] & 0x06 != 0
  }
}
