import Crypto
import Foundation

/// SHA-256 of large files, read in pieces, remembered while size, modification time and inode stay the same.
public struct FileDigest: Sendable {
  private struct Identity: Codable, Equatable {
    let byteCount: Int
    let modifiedNanoseconds: Int
    let inode: UInt64
  }

  private struct Remembered: Codable {
    let identity: Identity
    let sha256: String
  }

  private static let chunkByteCount = 4 << 20

  /// The digest of the file at `path` as 64 hexadecimal digits. It is remembered in a small file beside it, where that
  /// can be written. Throws `unreadable`.
  public static func sha256(ofFileAt path: String) throws(ModelStoreError) -> String {
    let identity = try identity(of: path)
    let sidecar = URL(fileURLWithPath: path + ".sha256")
    if let data = try? Data(contentsOf: sidecar), data.count < 1024,
      let remembered = try? JSONDecoder().decode(Remembered.self, from: data), remembered.identity == identity,
      remembered.sha256.count == 64, remembered.sha256.allSatisfy(\.isHexDigit)
    { return remembered.sha256 }
    let digest = try compute(path)
    // Not while it was changing; and a read-only folder only costs the next start its time.
    if try self.identity(of: path) == identity,
      let data = try? JSONEncoder().encode(Remembered(identity: identity, sha256: digest))
    { try? data.write(to: sidecar, options: .atomic) }
    return digest
  }

  private static func compute(_ path: String) throws(ModelStoreError) -> String {
    do {
      let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? handle.close() }
      var hasher = SHA256()
      while let chunk = try handle.read(upToCount: chunkByteCount), !chunk.isEmpty { hasher.update(data: chunk) }
      return hasher.finalize().map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
      }.joined()
    } catch {
      throw ModelStoreError(.unreadable, "\(path): can't be read")
    }
  }

  private static func identity(of path: String) throws(ModelStoreError) -> Identity {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw ModelStoreError(.unreadable, "\(path): is not a readable file")
    }
    return Identity(
      byteCount: Int(status.st_size),
      modifiedNanoseconds: Int(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int(status.st_mtim.tv_nsec),
      inode: UInt64(status.st_ino))
  }
}
