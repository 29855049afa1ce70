import Foundation

/// AMQP's short string: at most 255 bytes, which need not be UTF-8. It keeps the bytes, so that the reply carries an
/// identifier unchanged.
public struct ShortString: Sendable, Hashable {
  /// At most 255.
  public let bytes: Data

  /// - Parameter bytes: bytes beyond the first 255 are removed.
  public init(bytes: Data) { self.bytes = Data(bytes.prefix(Self.maximumByteCount)) }

  /// - Parameter text: truncated to 255 bytes of UTF-8, at a character boundary.
  public init(_ text: String) { bytes = Data(text.utf8Prefix(Self.maximumByteCount).utf8) }

  static let maximumByteCount = 255

  /// Whether there are no bytes.
  public var isEmpty: Bool { bytes.isEmpty }

  /// The text for logs, records and keys. If they are not UTF-8, the bytes other than printable ASCII are written as
  /// `\xHH`, so that different identifiers have different texts.
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
