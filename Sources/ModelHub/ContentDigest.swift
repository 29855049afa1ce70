/// What a file's content must hash to, as 64 or 40 lower-case hexadecimal digits.
public enum ContentDigest: Sendable, Hashable, CustomStringConvertible {
  /// Of the bytes; the hub announces it for large files.
  case sha256(String)
  /// Of `blob <size>\0` and the bytes, as git names a file; the hub announces it for small ones.
  case gitBlobSHA1(String)

  /// Nil unless it is 64 hexadecimal digits.
  init?(sha256 text: String) {
    let text = text.lowercased()
    guard text.utf8.count == 64, text.isLowerCaseHexadecimal else { return nil }
    self = .sha256(text)
  }

  /// From `ETag` or `X-Linked-ETag`; nil for tags that are not a digest.
  init?(entityTag: String) {
    var text = entityTag[...]
    if text.hasPrefix("W/") { text.removeFirst(2) }
    if text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") { text = text.dropFirst().dropLast() }
    let lowercased = text.lowercased()
    guard lowercased.isLowerCaseHexadecimal else { return nil }
    switch lowercased.utf8.count {
    case 64: self = .sha256(lowercased)
    case 40: self = .gitBlobSHA1(lowercased)
    default: return nil
    }
  }

  public var hexadecimal: String {
    switch self {
    case .sha256(let text), .gitBlobSHA1(let text): text
    }
  }

  public var description: String {
    switch self {
    case .sha256(let text): "SHA-256 \(text)"
    case .gitBlobSHA1(let text): "git blob \(text)"
    }
  }

  /// Whether `other` says something else about the same content; digests of different kinds can't be compared.
  func contradicts(_ other: ContentDigest) -> Bool {
    switch (self, other) {
    case (.sha256, .sha256), (.gitBlobSHA1, .gitBlobSHA1): self != other
    default: false
    }
  }
}
