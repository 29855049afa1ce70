import Foundation

/// Finds the user of a request without parsing the whole body. Users are determined on the connection's thread, where
/// parsing minutes of reference audio would take too long.
enum UserScan {
  private static let key = Data("user_id".utf8)
  /// The longest value that is read, in bytes; longer than any accepted name.
  private static let maximumBytes = 2048

  /// The value of the member `user_id` of the outermost object; empty if there is none. A malformed body counts as a
  /// request without a user. Decoding refuses it later, and also a request whose decoded `user_id` is different.
  static func userID(in body: Data) -> String {
    body.withUnsafeBytes { bytes in
      var depth = 0
      var position = 0
      while position < bytes.count {
        switch bytes[position] {
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        case UInt8(ascii: "\""):
          guard let end = endOfString(in: bytes, from: position + 1) else { return "" }
          if depth == 1, bytes[(position + 1)..<end].elementsEqual(key),
            let value = value(in: bytes, after: end + 1)
          {
            return value
          }
          position = end
        default: break
        }
        position += 1
      }
      return ""
    }
  }

  /// The offset of the quotation mark that ends a string. Long strings, such as base64, are skipped at memory speed.
  private static func endOfString(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    var search = start
    while search < bytes.count, let quote = memchr(base + search, Int32(UInt8(ascii: "\"")), bytes.count - search) {
      let end = base.distance(to: quote)
      let backslashes = bytes[start..<end].reversed().prefix { $0 == UInt8(ascii: "\\") }.count
      if backslashes.isMultiple(of: 2) { return end }
      search = end + 1
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
