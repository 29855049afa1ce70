import Foundation

/// Follows the redirects of one request: bounded, without circles, never from https to http, and with the token only
/// for the endpoint's own origin.
struct RedirectPolicy: Sendable {
  static let limit = 10

  private let endpoint: Origin
  private var visited: Set<String> = []
  private(set) var redirectCount = 0

  init(endpoint: HubEndpoint, start: URL) {
    self.endpoint = endpoint.origin
    visited.insert(start.absoluteString)
  }

  static func isRedirect(status: Int) -> Bool { [301, 302, 303, 307, 308].contains(status) }

  /// Whether an address belongs to the hub itself, so that it may see the token and its headers are the hub's word.
  func isHub(_ url: URL) -> Bool { Origin(url) == endpoint }

  /// The next address. Throws `refusedRedirect`; the message leaves queries out, as they carry signatures.
  mutating func follow(from url: URL, location: String?, file: String) throws(HubError) -> URL {
    guard let location, location.utf8.count <= 8192, let next = URL(string: location, relativeTo: url)?.absoluteURL,
      let origin = Origin(next), next.user == nil, next.password == nil
    else {
      throw HubError(
        .refusedRedirect, "\(file): \(Self.shown(url)) redirects to nowhere: \"\(location?.excerpt(100) ?? "")\"")
    }
    if origin.scheme == "http", endpoint.scheme == "https" {
      throw HubError(
        .refusedRedirect, "\(file): \(Self.shown(url)) redirects to \(Self.shown(next)), without TLS; not followed")
    }
    guard visited.insert(next.absoluteString).inserted else {
      throw HubError(.refusedRedirect, "\(file): redirects go round in a circle at \(Self.shown(next))")
    }
    redirectCount += 1
    guard redirectCount <= Self.limit else {
      throw HubError(.refusedRedirect, "\(file): more than \(Self.limit) redirects, the last to \(Self.shown(next))")
    }
    return next
  }

  /// An address for a message: origin and path.
  static func shown(_ url: URL) -> String {
    guard let origin = Origin(url) else { return "?" }
    return "\(origin)\(url.path(percentEncoded: true))".excerpt()
  }
}
