import Foundation

/// A generated clip on disk.
public struct StoredClip: Sendable, Equatable {
  /// The file.
  public var path: String
  /// The format of the file.
  public var format: AudioFormat
  /// The size of the file.
  public var byteCount: Int

  public init(path: String, format: AudioFormat, byteCount: Int) {
    self.path = path
    self.format = format
    self.byteCount = byteCount
  }
}

/// Generated audio kept under `XTTS_STORE_DIR`, by request id.
public protocol ClipStore: Sendable {
  /// Writes the clip whole or not at all (mode 0600).
  /// - Parameter requestID: 32 hex digits.
  /// - Throws: `invalid_request` for an id of another form, `internal` when the disk fails.
  func store(_ audio: Data, requestID: String, format: AudioFormat) async throws(SpeechError) -> StoredClip

  /// - Returns: nil for an unknown or malformed id.
  func clip(requestID: String) async throws(SpeechError) -> StoredClip?

  /// The address of a request's clip for clients: a path, or a URL that also names the worker.
  func url(requestID: String) -> String

  /// Removes the clips of a request; nothing happens if there are none.
  func remove(requestID: String) async throws(SpeechError)
}
