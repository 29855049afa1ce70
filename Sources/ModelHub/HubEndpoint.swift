import Foundation

/// The hub's base address (`HF_ENDPOINT`): https or http, maybe with a path, as mirrors have.
public struct HubEndpoint: Sendable, Hashable {
  /// Without a slash at the end.
  public let text: String
  let origin: Origin

  /// Throws `invalidSetting`.
  public init(_ text: String) throws(HubError) {
    var trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    while trimmed.hasSuffix("/") { trimmed.removeLast() }
    guard trimmed.utf8.count <= 2000, let url = URL(string: trimmed), let origin = Origin(url),
      url.user == nil, url.password == nil, url.query == nil, url.fragment == nil
    else {
      throw HubError(
        .invalidSetting,
        "HF_ENDPOINT is \"\(text.excerpt(100))\"; allowed is an http or https address without login, query or fragment")
    }
    self.text = trimmed
    self.origin = origin
  }

  private init(trusted text: String, origin: Origin) {
    self.text = text
    self.origin = origin
  }

  /// `https://huggingface.co`
  public static let huggingFace = HubEndpoint(
    trusted: "https://huggingface.co", origin: Origin(scheme: "https", host: "huggingface.co", port: 443))
}

/// Scheme, host and port: what decides who gets the token.
struct Origin: Sendable, Hashable, CustomStringConvertible {
  let scheme: String
  let host: String
  let port: Int

  init(scheme: String, host: String, port: Int) {
    self.scheme = scheme
    self.host = host
    self.port = port
  }

  /// Nil unless it is http or https and names a host.
  init?(_ url: URL) {
    guard let scheme = url.scheme?.lowercased(), scheme == "https" || scheme == "http",
      let host = url.host(percentEncoded: false)?.lowercased(), !host.isEmpty
    else { return nil }
    self.init(scheme: scheme, host: host, port: url.port ?? (scheme == "https" ? 443 : 80))
  }

  var description: String { "\(scheme)://\(host):\(port)" }
}
