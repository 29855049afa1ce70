import Foundation

/// Programs that cut texts at a number of UTF-16 units send half of an emoji, as the escape of one surrogate without the
/// other. Such an escape stands for no character.
enum LoneSurrogates {
  /// The document without these escapes; nil when it has none.
  static func removed(from document: Data) -> Data? {
    document.withUnsafeBytes { bytes -> Data? in
      var kept = Data()
      var (copied, position) = (0, 0)
      while let slash = backslash(in: bytes, from: position) {
        guard let unit = unit(in: bytes, at: slash), (0xD800..<0xE000).contains(unit) else {
          position = slash + 2
          continue
        }
        if unit < 0xDC00, let low = self.unit(in: bytes, at: slash + 6), (0xDC00..<0xE000).contains(low) {
          position = slash + 12
          continue
        }
        kept.append(contentsOf: bytes[copied..<slash])
        copied = slash + 6
        position = copied
      }
      guard copied > 0 else { return nil }
      kept.append(contentsOf: bytes[copied...])
      return kept
    }
  }

  private static func backslash(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard start < bytes.count, let base = bytes.baseAddress,
      let found = memchr(base + start, Int32(UInt8(ascii: "\\")), bytes.count - start)
    else { return nil }
    return UnsafeRawPointer(found) - base
  }

  /// The UTF-16 unit of an escape such as `\ud83d`; nil when there is none at `start`.
  private static func unit(in bytes: UnsafeRawBufferPointer, at start: Int) -> UInt32? {
    guard start + 6 <= bytes.count, bytes[start] == UInt8(ascii: "\\"), bytes[start + 1] == UInt8(ascii: "u") else {
      return nil
    }
    return UInt32(String(decoding: bytes[start + 2..<start + 6], as: UTF8.self), radix: 16)
  }
}
