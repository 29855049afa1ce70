import CCrypto
import Foundation

/// A digest of bytes that arrive in pieces, computed by OpenSSL. Copies are independent of each other.
public struct RunningHash: Sendable {
  /// The supported digests.
  public enum Algorithm: Sendable {
    case sha256
    /// Git names its files by SHA-1. It is not safe against forgery.
    case sha1
  }

  private var context: Context

  /// Starts with no bytes.
  public init(_ algorithm: Algorithm) {
    context = Context()
    _ = EVP_DigestInit_ex(context.pointer, algorithm == .sha256 ? EVP_sha256() : EVP_sha1(), nil)
  }

  /// Adds the next bytes.
  public mutating func update(data: some ContiguousBytes) {
    if !isKnownUniquelyReferenced(&context) { context = context.copy() }
    withExtendedLifetime(context) {
      data.withUnsafeBytes { _ = EVP_DigestUpdate(context.pointer, $0.baseAddress, $0.count) }
    }
  }

  /// The digest of what came so far: 32 bytes of SHA-256, 20 of SHA-1.
  public func finalize() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var count: UInt32 = 0
    // Finishing changes the state, so it is a copy's.
    let copy = context.copy()
    withExtendedLifetime(copy) { _ = EVP_DigestFinal_ex(copy.pointer, &digest, &count) }
    return Array(digest.prefix(Int(count)))
  }

  /// Owns OpenSSL's state. Its one holder changes it; others copy it first.
  private final class Context: @unchecked Sendable {
    let pointer = EVP_MD_CTX_new()

    deinit { EVP_MD_CTX_free(pointer) }

    func copy() -> Context {
      let copy = Context()
      withExtendedLifetime(self) { _ = EVP_MD_CTX_copy_ex(copy.pointer, pointer) }
      return copy
    }
  }
}
