import Foundation
import HTTPTypes

/// The rights of pages of other origins. A pure function of the settings and a request's `Origin` and `Host`.
struct CrossOriginPolicy: Sendable, Equatable {
  /// Whether every origin may call the service (`*`).
  let allowsAll: Bool
  private let origins: Set<WebOrigin>
  /// Hosts that requests may name; empty allows any.
  private let hosts: Set<String>
  /// Whether requests need a token, which a foreign page does not have.
  private let needsToken: Bool

  init(allowedOrigins: [String], allowedHosts: [String], needsToken: Bool) {
    allowsAll = allowedOrigins.contains("*")
    origins = Set(allowedOrigins.compactMap { WebOrigin($0) })
    hosts = Set(allowedHosts.map { $0.lowercased() })
    self.needsToken = needsToken
  }

  func allows(origin: String) -> Bool { allowsAll || WebOrigin(origin).map(origins.contains) ?? false }

  /// - Parameter host: with or without a port; a listed host without a port matches every port.
  func allows(host: String) -> Bool {
    hosts.isEmpty || hosts.contains(host.lowercased()) || hosts.contains(Self.name(of: host))
  }

  /// The reason to refuse a request of a page with this origin; nil for one that is allowed.
  func refusal(method: HTTPRequest.Method, path: String, origin: String, host: String) -> String? {
    guard
      ![.get, .head, .options].contains(method) || Self.isPrivate(path) || path == XTTSServerEndpoints.streamPath,
      !isOwnPage(origin: origin, host: host)
    else { return nil }
    if !allowsAll {
      return allows(origin: origin)
        ? nil : "pages of \(origin.prefix(100)) may not call this service: see XTTS_ALLOW_ORIGINS"
    }
    // Without a token any page may have its visitor's service speak, as the predecessor allowed, but change nothing.
    guard !needsToken, Self.changesVoices(path) else { return nil }
    return "pages of other origins may not change anything, export voices or read records: "
      + "set XTTS_ALLOW_ORIGINS or SPEECHBUS_HTTP_TOKEN"
  }

  /// A voice as a file is biometric data. Recorded requests and dead-lettered messages have texts and names of users.
  private static func isPrivate(_ path: String) -> Bool {
    (path.hasPrefix("/api/v1/tts/voices/") && path.hasSuffix("/latents"))
      || OperatorEndpoints.privatePaths.contains(path)
  }

  private static func changesVoices(_ path: String) -> Bool {
    ![
      "/api/v1/tts/synthesize", "/v1/audio/speech", XTTSServerEndpoints.wholePath, XTTSServerEndpoints.streamPath,
    ].contains(path)
  }

  /// Whether the page came from this service. A name that is not listed does not count: by DNS rebinding a foreign page
  /// has it point here.
  private func isOwnPage(origin: String, host: String) -> Bool {
    let origin = origin.lowercased()
    guard origin == "http://\(host.lowercased())" || origin == "https://\(host.lowercased())" else { return false }
    let name = Self.name(of: host)
    return name == "localhost" || Self.isAddress(name) || (!hosts.isEmpty && allows(host: host))
  }

  /// A host without its port, and an IPv6 address without brackets.
  private static func name(of host: String) -> String {
    let host = host.lowercased()
    if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
      return String(host[host.index(after: host.startIndex)..<end])
    }
    return host.split(separator: ":", maxSplits: 1).first.map(String.init) ?? ""
  }

  private static func isAddress(_ name: String) -> Bool {
    var storage = in6_addr()
    return inet_pton(AF_INET, name, &storage) == 1 || inet_pton(AF_INET6, name, &storage) == 1
  }
}
