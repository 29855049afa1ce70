import Foundation
import SpeechCore

/// The expected hash of a file's content, as lower-case hexadecimal digits.
enum ContentDigest: Sendable, Hashable, CustomStringConvertible {
  /// The SHA-256 of the bytes. The hub lists it for large files.
  case sha256(String)
  /// The SHA-1 of `blob <size>\0` followed by the bytes, which is git's name of a file. The hub lists it for small
  /// files.
  case gitBlobSHA1(String)

  /// Nil unless `text` has 64 hexadecimal digits.
  init?(sha256 text: String) {
    guard text.wholeMatch(of: /[0-9a-fA-F]{64}/) != nil else { return nil }
    self = .sha256(text.lowercased())
  }

  /// Nil unless `text` has 40 hexadecimal digits.
  init?(gitBlob text: String) {
    guard text.wholeMatch(of: /[0-9a-fA-F]{40}/) != nil else { return nil }
    self = .gitBlobSHA1(text.lowercased())
  }

  var hexadecimal: String {
    switch self {
    case .sha256(let text), .gitBlobSHA1(let text): text
    }
  }

  var description: String {
    switch self {
    case .sha256(let text): "SHA-256 \(text)"
    case .gitBlobSHA1(let text): "git blob \(text)"
    }
  }

  /// A hash object for content of `byteCount` bytes; its result can be compared with this digest.
  func makeHash(byteCount: Int) -> RunningHash {
    guard case .gitBlobSHA1 = self else { return RunningHash(.sha256) }
    var hash = RunningHash(.sha1)
    hash.update(data: Array("blob \(byteCount)\0".utf8))
    return hash
  }

  /// The final value of `hash`, as a digest of this kind.
  func found(_ hash: RunningHash) -> ContentDigest {
    let text = hash.finalize().hexadecimal
    if case .sha256 = self { return .sha256(text) }
    return .gitBlobSHA1(text)
  }
}
