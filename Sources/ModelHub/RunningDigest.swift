import Crypto
import SpeechCore

/// Hashes a file while it arrives: SHA-256 always, git's SHA-1 where that is what was announced.
struct RunningDigest: Sendable {
  let expected: ContentDigest
  private var sha256 = SHA256()
  private var gitBlob: Insecure.SHA1?

  /// `byteCount` is the whole file's; git hashes it first.
  init(expected: ContentDigest, byteCount: Int) {
    self.expected = expected
    guard case .gitBlobSHA1 = expected else { return }
    var hasher = Insecure.SHA1()
    hasher.update(data: Array("blob \(byteCount)\0".utf8))
    gitBlob = hasher
  }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    sha256.update(bufferPointer: bytes)
    gitBlob?.update(bufferPointer: bytes)
  }

  struct Outcome: Sendable, Equatable {
    let sha256: String
    /// The digest that was found, of the expected kind.
    let found: ContentDigest
    let matches: Bool
  }

  func outcome() -> Outcome {
    let sha256 = sha256.finalize().hexadecimal
    let found = gitBlob.map { ContentDigest.gitBlobSHA1($0.finalize().hexadecimal) } ?? .sha256(sha256)
    return Outcome(sha256: sha256, found: found, matches: found == expected)
  }
}
