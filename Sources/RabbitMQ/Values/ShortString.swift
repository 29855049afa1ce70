import Foundation

/// A short string of AMQP: at most 255 bytes, which need not be UTF-8. Keeps the bytes, so that an identifier that a
/// client chose goes back to it unchanged.
public struct ShortString: Sendable, Hashable {
  public let bytes: Data

  /// - Parameter bytes: what lies beyond 255 bytes is cut off.
  public init(bytes: Data) { self.bytes = Data(bytes.prefix(Self.maximumByteCount)) }

  /// - Parameter text: cut at a character boundary to 255 bytes of UTF-8.
  public init(_ text: String) { bytes = Data(text.utf8Prefix(Self.maximumByteCount).utf8) }

  static let maximumByteCount = 255

  public var isEmpty: Bool { bytes.isEmpty }

  /// For logs, records and keys. Bytes that are not UTF-8 are written as `\xHH`, so that different identifiers have
  /// different texts.
  public var text: String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    return bytes.map { byte in
      (0x20..<0x7f).contains(byte) && byte != UInt8(ascii: "\\")
        ? String(UnicodeScalar(byte)) : "\\x" + String(byte, radix: 16, uppercase: true).leftPadded(to: 2)
    }.joined()
  }
}

extension ShortString: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self.init(value) }
}

extension String {
  fileprivate func leftPadded(to length: Int) -> String {
    String(repeating: "0", count: max(0, length - count)) + self
  }

  /// The longest prefix of whole characters within `limit` UTF-8 bytes.
  func utf8Prefix(_ limit: Int) -> String {
    guard utf8.count > limit else { return self }
    var prefix = ""
    var size = 0
    for character in self {
      size += character.utf8.count
      if size > limit { break }
      prefix.append(character)
    }
    return prefix
  }
}
