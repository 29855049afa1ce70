import Foundation

/// Finds the user of a request without parsing the whole body. Users are determined on the connection's thread, where
/// parsing minutes of reference audio would take too long.
enum UserScan {
  private static let key = Data(#""user_id""#.utf8)
  /// The longest value that is read, in bytes; longer than any accepted name.
  private static let maximumBytes = 2048

  /// The value of `user_id`; empty when there is none. Quotes inside a JSON text are escaped, so the key is found only
  /// where it is a complete string. A malformed value counts as no user; the request is refused later, when its body is
  /// parsed.
  static func userID(in body: Data) -> String {
    body.withUnsafeBytes { bytes in
      var start = 0
      while let found = find(in: bytes, from: start) {
        start = found
        if let value = value(in: bytes, after: found) { return value }
      }
      return ""
    }
  }

  /// The offset after the next key. `memchr` skips long stretches without a quotation mark, such as base64, at memory
  /// speed.
  private static func find(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    var start = start
    while bytes.count - start >= key.count,
      let quote = memchr(base + start, Int32(UInt8(ascii: "\"")), bytes.count - start)
    {
      start = base.distance(to: quote)
      if bytes[start...].starts(with: key) { return start + key.count }
      start += 1
    }
    return nil
  }

  private static func value(in bytes: UnsafeRawBufferPointer, after offset: Int) -> String? {
    var rest = bytes[offset...].drop(while: isSpace)
    guard rest.popFirst() == UInt8(ascii: ":") else { return nil }
    rest = rest.drop(while: isSpace)
    guard rest.first == UInt8(ascii: "\"") else { return nil }
    var isEscaped = false
    for (index, byte) in rest.prefix(maximumBytes).enumerated().dropFirst() {
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: "\"") {
        return try? JSONDecoder().decode(String.self, from: Data(rest.prefix(index + 1)))
      }
    }
    return nil
  }

  private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0a, 0x0d].contains(byte) }
}
