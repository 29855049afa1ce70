import NIOCore

/// Recognises HTML by its first bytes: login pages come with any content type.
enum WebPage {
  static func begins(_ bytes: ByteBuffer) -> Bool {
    let start = bytes.readableBytesView.prefix(64).drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
    let text = String(decoding: start, as: UTF8.self).lowercased()
    return text.hasPrefix("<!doctype html") || text.hasPrefix("<html")
  }
}
