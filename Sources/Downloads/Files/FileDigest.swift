import Foundation
import SpeechCore

/// SHA-256 of large files, read in pieces, remembered while size, times and inode stay the same.
public struct FileDigest: Sendable {
  private struct Remembered: Codable {
    let identity: FileIdentity
    let sha256: String
  }

  public let path: String
  /// Where the digest is remembered; nil computes it every time.
  public let memory: String?

  /// - Parameter folder: where to remember it; nil: beside the file.
  public init(ofFileAt path: String, rememberedIn folder: String? = nil) {
    self.path = path
    let url = URL(fileURLWithPath: path)
    // Another folder may serve several models, whose files have the same names.
    memory =
      folder.map { "\($0)/\(url.lastPathComponent)-\((try? FileIdentity(ofFileAt: path))?.inode ?? 0).sha256" } ?? path
      + ".sha256"
  }

  private init(path: String, memory: String?) {
    self.path = path
    self.memory = memory
  }

  /// A digest that is neither looked up nor remembered.
  public static func computed(ofFileAt path: String) -> FileDigest { FileDigest(path: path, memory: nil) }

  /// The digest of the file at `path` as 64 hexadecimal digits, remembered beside it. Throws `unreadable`.
  public static func sha256(ofFileAt path: String) throws(DownloadError) -> String {
    try FileDigest(ofFileAt: path).sha256()
  }

  /// What was remembered, if the file is still the same.
  public var remembered: String? {
    guard let memory, let data = try? Data(contentsOf: URL(fileURLWithPath: memory)), data.count < 1024,
      let remembered = try? JSONDecoder().decode(Remembered.self, from: data),
      remembered.identity == (try? FileIdentity(ofFileAt: path)), remembered.sha256.utf8.count == 64,
      remembered.sha256.allSatisfy(\.isHexDigit)
    else { return nil }
    return remembered.sha256
  }

  /// 64 hexadecimal digits. Throws `unreadable`.
  public func sha256() throws(DownloadError) -> String {
    if let remembered { return remembered }
    let identity = try FileIdentity(ofFileAt: path)
    let digest = try compute(byteCount: identity.byteCount)
    // Not while it was changing; and a read-only folder only costs the next start its time.
    if try FileIdentity(ofFileAt: path) == identity { remember(digest, identity) }
    return digest
  }

  /// Remembers what was computed while the file was written, by whoever wrote it.
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
