import Foundation
import SpeechCore

/// The checked parts of a URL. The scheme is http or https, the host is a plain name or address, and there are no
/// credentials. The check needs no network.
struct DownloadTarget: Sendable, Equatable {
  let url: String
  /// Lower case, without brackets and without a trailing dot.
  let host: String
  let port: Int
  let isHostAllowed: Bool

  static let maximumBytes = 4096

  /// - Parameters:
  ///   - base: the URL that redirected to this one; relative locations are resolved against it.
  ///   - allowedHosts: hosts of `SPEECHBUS_URL_ALLOW`, in lower case.
  /// - Throws: `download_forbidden` for another scheme or for credentials, else `download_failed`.
  init(_ text: String, relativeTo base: String? = nil, allowedHosts: Set<String>, field: String?) throws(SpeechError) {
    guard text.utf8.count <= Self.maximumBytes else {
      throw SpeechError(
        .downloadFailed, "the URL may have at most \(Self.maximumBytes) bytes", field: field, isRetryable: false)
    }
    let resolved = URL(string: text, relativeTo: base.flatMap { URL(string: $0) })?.absoluteURL
    guard let resolved, var parts = URLComponents(url: resolved, resolvingAgainstBaseURL: true) else {
      throw SpeechError(.downloadFailed, "the URL is not valid", field: field, isRetryable: false)
    }
    guard let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme) else {
      throw SpeechError(.downloadForbidden, "only http and https URLs are fetched", field: field)
    }
    guard parts.user == nil, parts.password == nil else {
      throw SpeechError(.downloadForbidden, "URLs with credentials are not fetched", field: field)
    }
    guard let host = parts.encodedHost.flatMap(Self.plainHost) else {
      throw SpeechError(.downloadFailed, "the URL names no valid host", field: field, isRetryable: false)
    }
    if let port = parts.port, !(1...65_535).contains(port) {
      throw SpeechError(.downloadFailed, "the URL's port is not valid", field: field, isRetryable: false)
    }
    parts.scheme = scheme
    parts.fragment = nil
    parts.encodedHost = host.contains(":") ? "[\(host)]" : host
    guard let url = parts.string else {
      throw SpeechError(.downloadFailed, "the URL is not valid", field: field, isRetryable: false)
    }
    self.url = url
    self.host = host
    port = parts.port ?? (scheme == "https" ? 443 : 80)
    isHostAllowed = allowedHosts.contains(host)
  }

  private static func plainHost(_ encoded: String) -> String? {
    var host = encoded.lowercased()
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = String(host.dropFirst().dropLast())
      return IPAddress(host).map { $0.text }
    }
    if host.hasSuffix(".") { host.removeLast() }
    let allowed = host.utf8.allSatisfy {
      (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 46 || $0 == 95
    }
    return allowed && (1...253).contains(host.utf8.count) ? host : nil
  }
}
