import Foundation
import SpeechCore

/// What a file's content must hash to, as lower-case hexadecimal digits.
public enum ContentDigest: Sendable, Hashable, CustomStringConvertible {
  /// Of the bytes; the hub lists it for large files.
  case sha256(String)
  /// Of `blob <size>\0` and the bytes, as git names a file; the hub lists it for small ones.
  case gitBlobSHA1(String)

  /// Nil unless it is 64 hexadecimal digits.
  init?(sha256 text: String) {
    guard text.wholeMatch(of: /[0-9a-fA-F]{64}/) != nil else { return nil }
    self = .sha256(text.lowercased())
  }

  /// Nil unless it is 40 hexadecimal digits.
  init?(gitBlob text: String) {
    guard text.wholeMatch(of: /[0-9a-fA-F]{40}/) != nil else { return nil }
    self = .gitBlobSHA1(text.lowercased())
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

  /// A hash for content of `byteCount` bytes, to compare with this digest.
  func makeHash(byteCount: Int) -> RunningHash {
    guard case .gitBlobSHA1 = self else { return RunningHash(.sha256) }
    var hash = RunningHash(.sha1)
    hash.update(data: Array("blob \(byteCount)\0".utf8))
    return hash
  }

  /// The digest of the same kind that `hash` has come to.
  func found(_ hash: RunningHash) -> ContentDigest {
    let text = hash.finalize().hexadecimal
    if case .sha256 = self { return .sha256(text) }
    return .gitBlobSHA1(text)
  }
}
