import CCrypto
import Foundation

/// SHA-256, of bytes at once or in pieces.
public struct SHA256: Sendable {
  /// 32 bytes. Comparing two takes the same time wherever they differ.
  public struct Digest: Sendable, Hashable, Sequence {
    private let bytes: [UInt8]

    fileprivate init(_ bytes: [UInt8]) { self.bytes = bytes }

    public func makeIterator() -> some IteratorProtocol<UInt8> { bytes.makeIterator() }

    public static func == (one: Digest, other: Digest) -> Bool {
      one.bytes.count == other.bytes.count && CRYPTO_memcmp(one.bytes, other.bytes, one.bytes.count) == 0
    }
  }

  private var hash = RunningHash(.sha256)

  public init() {}

  /// Adds the next bytes.
  public mutating func update(data: some ContiguousBytes) { hash.update(data: data) }

  /// The digest of the bytes so far; more can follow.
  public func finalize() -> Digest { Digest(hash.finalize()) }

  /// The hash over the parts, each with its length, so that no two lists of parts read the same.
  public static func hash(parts: [Data]) -> Digest {
    var hash = SHA256()
    for part in parts {
      hash.update(data: Data("\(part.count) ".utf8))
      hash.update(data: part)
    }
    return hash.finalize()
  }

  public static func hash(data: some ContiguousBytes) -> Digest {
    var hash = SHA256()
    hash.update(data: data)
    return hash.finalize()
  }
}
