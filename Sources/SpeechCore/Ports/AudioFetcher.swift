import Foundation

/// Downloads reference audio that a client names by URL.
public protocol AudioFetcher: Sendable {
  /// - Parameter field: the request field the URL came in, for error messages.
  /// - Throws: `download_forbidden` for addresses that are not public, `download_failed`, `audio_too_large`,
  ///   or `invalid_audio` when the content is not audio.
  func fetch(_ url: String, field: String?) async throws(SpeechError) -> Data
}
