import Foundation
import SpeechCore

/// The error of a failed download, look-up or check of a model. The message names the file and the reason.
public typealias DownloadError = CodedError<DownloadErrorCode>

/// The reasons for a ``DownloadError``.
public enum DownloadErrorCode: String, Sendable {
  /// Settings and permissions.
  case invalidSetting, invalidManifest, licenceNotAgreed, offline
  /// The hub: the repository, revision or file does not exist; the hub requires a token, or another one; every attempt
  /// failed; or the response does not follow the protocol.
  case notFound, unauthorized, unavailable, invalidResponse, refusedRedirect, tlsFailure
  /// Content: the response is a web page, the length or digest differs from the expected one, or there is no digest to
  /// compare with.
  case notAFile, wrongLength, wrongDigest, noDigest
  /// The folder: the disk is full, access is denied, a required file is missing, a file belongs to another model, or
  /// another process holds the lock.
  case noSpace, unwritable, unreadable, missingFile, differentFile, locked
  case cancelled
}

extension CodedError<DownloadErrorCode> {
  /// The error of a system call that failed with `number` (an `errno`).
  static func system(_ number: Int32, _ action: String, _ path: String) -> DownloadError {
    let isFull = [ENOSPC, EDQUOT, EFBIG].contains(number)
    return DownloadError(
      isFull ? .noSpace : .unwritable, "\(path): \(action) failed: \(String(cString: strerror(number)))")
  }

  static func unreadable(_ path: String) -> DownloadError {
    DownloadError(.unreadable, "\(path): can't be read: \(String(cString: strerror(errno)))")
  }

  static func cancelled(_ name: String) -> DownloadError { DownloadError(.cancelled, "\(name): was cancelled") }
}

extension String {
  /// The first `limit` characters, with control characters replaced by spaces, so that messages can quote untrusted
  /// text.
  func excerpt(_ limit: Int = 200) -> String {
    let clean = String(
      prefix(limit + 1).map { $0.unicodeScalars.contains { $0.value < 32 || $0.value == 127 } ? " " : $0 })
    return clean.count > limit ? String(clean.prefix(limit)) + "…" : clean
  }

  /// An address for messages. Login, query and fragment are removed because they may carry secrets.
  var shownAddress: String {
    guard var parts = URLComponents(string: self) else { return "?" }
    (parts.user, parts.password, parts.query, parts.fragment) = (nil, nil, nil, nil)
    return (parts.string ?? "?").excerpt()
  }
}
