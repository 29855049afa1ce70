import Foundation

/// Why a model can't be fetched, found or checked. The message names the file and the reason.
public struct DownloadError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// Settings and permissions.
    case invalidSetting, invalidManifest, licenceNotAgreed, offline
    /// The hub: it has no such repository, revision or file; it wants a token, or another one; it kept failing until the
    /// last attempt; or it answered with something that is not its protocol.
    case notFound, unauthorized, unavailable, invalidResponse, refusedRedirect, tlsFailure
    /// Content: a web page, another length or digest than it must have, or no digest to check it against.
    case notAFile, wrongLength, wrongDigest, noDigest
    /// The folder: no space, no access, a file that a model needs, another model's file, or another process.
    case noSpace, unwritable, unreadable, missingFile, differentFile, locked
    case cancelled
  }

  public var code: Code
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }

  /// The error for a system call that failed with `number`.
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
  /// At most `limit` characters without control characters: text from outside, fit for a message.
  func excerpt(_ limit: Int = 200) -> String {
    let clean = String(
      prefix(limit + 1).map { $0.unicodeScalars.contains { $0.value < 32 || $0.value == 127 } ? " " : $0 })
    return clean.count > limit ? String(clean.prefix(limit)) + "…" : clean
  }

  /// An address for a message: without login, query and fragment, which may carry secrets.
  var shownAddress: String {
    guard var parts = URLComponents(string: self) else { return "?" }
    (parts.user, parts.password, parts.query, parts.fragment) = (nil, nil, nil, nil)
    return (parts.string ?? "?").excerpt()
  }
}
