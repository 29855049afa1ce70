import Foundation
import Synchronization

/// The file of the replicas' keys (`SPEECHBUS_KEY_FILE`): one key of 64 hex digits per line, the signing key first.
///
/// The first start creates it, with mode 0600. A change of the file takes effect at the next use.
public final class KeyFile: Sendable {
  /// The largest number of keys, and of bytes of a file.
  static let (maximumKeys, maximumBytes) = (100, 16_384)

  private struct State {
    var ring: KeyRing
    var identity: stat
  }

  /// The file.
  public let path: String
  private let state: Mutex<State>

  /// Reads the file, or creates it with a new key. If several processes create it, one key counts.
  /// - Throws: `internal` that names the file and the reason.
  public init(path name: String) throws(SpeechError) {
    let path = name.contains("/") ? name : "./\(name)"
    self.path = path
    if access(path, F_OK) != 0 {
      guard let key = SigningKey.random() else { throw Self.failure(path, "the system has no random numbers") }
      try Self.create(path, KeyRing(current: key, earlier: []))
    }
    state = Mutex(try Self.read(path))
  }

  /// The present keys. If the file can't be read, those of the last time.
  public var ring: KeyRing {
    state.withLock { state in
      var now = stat()
      if stat(path, &now) == 0, !Self.isSame(now, state.identity), let read = try? Self.read(path) { state = read }
      return state.ring
    }
  }

  /// Whether every user of the machine can read the file.
  public var isOpenToAll: Bool { state.withLock { $0.identity.st_mode & S_IROTH != 0 } }

  /// Adds a new key, which signs from now on. The earlier keys still verify.
  /// - Returns: the id of the new key.
  public func rotate() throws(SpeechError) -> String {
    let ring = try Self.read(path).ring
    guard ring.keys.count < Self.maximumKeys else {
      throw Self.failure(path, "it has \(Self.maximumKeys) keys; remove the oldest lines at its end")
    }
    guard let key = SigningKey.random() else { throw Self.failure(path, "the system has no random numbers") }
    try DurableFile.write(Self.text(KeyRing(current: key, earlier: ring.keys)), to: path)
    return key.id
  }

  // MARK: File

  private static func isSame(_ one: stat, _ other: stat) -> Bool {
    one.st_ino == other.st_ino && one.st_size == other.st_size && one.st_mtim.tv_sec == other.st_mtim.tv_sec
      && one.st_mtim.tv_nsec == other.st_mtim.tv_nsec
  }

  private static func text(_ ring: KeyRing) -> Data {
    Data(ring.keys.map { $0.hexadecimal + "\n" }.joined().utf8)
  }

  private static func create(_ path: String, _ ring: KeyRing) throws(SpeechError) {
    let folder = (path as NSString).deletingLastPathComponent
    guard folder.isEmpty || access(folder, W_OK) == 0 else {
      throw failure(path, "its folder is missing or not writable")
    }
    let temporary = "\(path).\(UUID().uuidString)\(DurableFile.temporarySuffix)"
    try DurableFile.write(text(ring), to: temporary)
    defer { unlink(temporary) }
    // A link, because it fails if another process was first.
    guard link(temporary, path) == 0 || errno == EEXIST else {
      throw failure(path, "it can't be created: \(String(cString: strerror(errno)))")
    }
  }

  private static func read(_ path: String) throws(SpeechError) -> State {
    var identity = stat()
    guard stat(path, &identity) == 0, let handle = FileHandle(forReadingAtPath: path) else {
      throw failure(path, "it can't be read: \(String(cString: strerror(errno)))")
    }
    defer { try? handle.close() }
    guard identity.st_size <= maximumBytes, let data = try? handle.read(upToCount: maximumBytes + 1) else {
      throw failure(path, "it may have at most \(maximumBytes) bytes")
    }
    let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
    let keys = lines.compactMap { SigningKey(hexadecimal: $0) }
    guard let first = keys.first, keys.count == lines.count, keys.count <= maximumKeys else {
      throw failure(path, "it must have one key of 64 hex digits per line, at most \(maximumKeys)")
    }
    return State(ring: KeyRing(current: first, earlier: Array(keys.dropFirst())), identity: identity)
  }

  private static func failure(_ path: String, _ reason: String) -> SpeechError {
    SpeechError(.internal, "key file \(path): \(reason); SPEECHBUS_KEY_FILE names the file")
  }
}
