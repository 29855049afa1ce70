import Foundation
import SpeechCore

/// Generated clips under `XTTS_STORE_DIR`, one file a request, named by the request's unguessable id.
public struct ClipDirectory: ClipStore {
  let path: String
  private let baseURL: String

  /// - Parameters:
  ///   - path: created on the first clip, with mode 0700.
  ///   - baseURL: where clients reach the worker that has the clips; empty: addresses are paths.
  public init(path: String, baseURL: String = "") {
    self.path = path
    self.baseURL = baseURL
  }

  public func url(requestID: String) -> String { "\(baseURL)/api/v1/tts/audio/\(requestID)" }

  public func store(
    _ audio: Data, requestID: String, format: AudioFormat
  ) async throws(SpeechError) -> StoredClip {
    guard Self.isRequestID(requestID) else {
      throw SpeechError(.invalidRequest, "a stored clip needs an id of 32 hex digits")
    }
    let file = filePath(requestID, format)
    try DurableFile.write(audio, to: file)
    return StoredClip(path: file, format: format, byteCount: audio.count)
  }

  public func clip(requestID: String) async throws(SpeechError) -> StoredClip? {
    guard Self.isRequestID(requestID) else { return nil }
    for format in AudioFormat.allCases {
      let file = filePath(requestID, format)
      guard let attributes = try? FileManager.default.attributesOfItem(atPath: file),
        attributes[.type] as? FileAttributeType == .typeRegular, let byteCount = attributes[.size] as? Int
      else { continue }
      return StoredClip(path: file, format: format, byteCount: byteCount)
    }
    return nil
  }

  public func remove(requestID: String) async throws(SpeechError) {
    guard Self.isRequestID(requestID) else { return }
    for format in AudioFormat.allCases {
      let file = filePath(requestID, format)
      guard unlink(file) == 0 || errno == ENOENT else {
        throw SpeechError(.internal, "a stored clip can't be removed: \(String(cString: strerror(errno)))")
      }
    }
  }

  private func filePath(_ requestID: String, _ format: AudioFormat) -> String {
    location("\(requestID).\(format.fileExtension)")
  }

  func location(_ name: String) -> String { (path as NSString).appendingPathComponent(name) }

  static func isClipName(_ name: String) -> Bool {
    AudioFormat.allCases.contains { format in
      let suffix = ".\(format.fileExtension)"
      return name.hasSuffix(suffix) && isRequestID(String(name.dropLast(suffix.count)))
    }
  }

  private static func isRequestID(_ text: String) -> Bool {
    text.utf8.count == 32 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}
