import Foundation
import SpeechCore

/// The SHA-256 of a large file, read in pieces. It is cached on disk and stays valid while the size, times and inode of
/// the file stay the same.
public struct FileDigest: Sendable {
  private struct Remembered: Codable {
    let identity: FileIdentity
    let sha256: String
  }

  let path: String
  /// The path of the cached digest; nil: the digest is computed each time.
  let memory: String?

  /// - Parameter folder: the folder for the cached digest; nil: the file's own folder.
  public init(ofFileAt path: String, rememberedIn folder: String? = nil) {
    self.path = path
    let url = URL(fileURLWithPath: path)
    // Several models may share the folder, and their files have the same names; the inode distinguishes them.
    memory =
      folder.map { "\($0)/\(url.lastPathComponent)-\((try? FileIdentity(ofFileAt: path))?.inode ?? 0).sha256" } ?? path
      + ".sha256"
  }

  private init(path: String, memory: String?) {
    self.path = path
    self.memory = memory
  }

  /// A digest that neither reads nor writes the cache.
  public static func computed(ofFileAt path: String) -> FileDigest { FileDigest(path: path, memory: nil) }

  /// The digest of the file at `path` as 64 hexadecimal digits, cached next to the file. Throws `unreadable`.
  public static func sha256(ofFileAt path: String) throws(DownloadError) -> String {
    try FileDigest(ofFileAt: path).sha256()
  }

  /// The cached digest; nil unless the file is unchanged since it was computed.
  public var remembered: String? {
    guard let memory, let data = try? Data(contentsOf: URL(fileURLWithPath: memory)), data.count < 1024,
      let remembered = try? JSONDecoder().decode(Remembered.self, from: data),
      remembered.identity == (try? FileIdentity(ofFileAt: path)), remembered.sha256.utf8.count == 64,
      remembered.sha256.allSatisfy(\.isHexDigit)
    else { return nil }
    return remembered.sha256
  }

  /// The digest as 64 hexadecimal digits, from the cache if possible. Throws `unreadable`.
  public func sha256() throws(DownloadError) -> String {
    if let remembered { return remembered }
    let identity = try FileIdentity(ofFileAt: path)
    let digest = try compute(byteCount: identity.byteCount)
    // A digest of a file that changed meanwhile is not cached. In a read-only folder the write fails, and the next
    // start computes the digest again.
    if try FileIdentity(ofFileAt: path) == identity { remember(digest, identity) }
    return digest
  }

  /// Caches a digest that the caller computed while it wrote the file.
  public func remember(_ digest: String) {
    guard let identity = try? FileIdentity(ofFileAt: path) else { return }
    remember(digest, identity)
  }

  private func remember(_ digest: String, _ identity: FileIdentity) {
    guard let memory, let data = try? JSONEncoder().encode(Remembered(identity: identity, sha256: digest)) else {
      return
    }
    try? data.write(to: URL(fileURLWithPath: memory), options: .atomic)
  }

  private func compute(byteCount: Int) throws(DownloadError) -> String {
    let digest = try FilePieces.digest(path, byteCount: byteCount, like: .sha256(""), Cancellation())
    guard let digest else { throw DownloadError(.unreadable, "\(path): changed while it was read") }
    return digest.hexadecimal
  }
}
