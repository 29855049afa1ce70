import Foundation

/// What to fetch, from where, and when to give up.
public struct HubConfiguration: Sendable {
  public static let defaultRepositoryID = "coqui/XTTS-v2"

  public var endpoint = HubEndpoint.huggingFace
  public var repositoryID = HubConfiguration.defaultRepositoryID
  /// Branch, tag or commit; nil: what the manifest pins, else `main`.
  public var revision: String?
  /// Sent to the endpoint's own scheme, host and port only.
  public var token: String?
  public var isOffline = false
  public var hasAgreedToLicence = false
  /// The pinned repositories.
  public var manifest = HubManifest.published
  /// Whether a file of another size is replaced, once its successor is complete and checked. If not, it stops the pull:
  /// it may be the user's own model.
  public var replacesOtherFiles = true
  public var retry = RetryPolicy()
  public var connectTimeout: Duration = .seconds(15)
  /// A transfer that stays under 500 bytes a second for this long is given up. Whole seconds.
  public var stallTimeout: Duration = .seconds(30)
  /// How long to wait for another process that is pulling into the same folder.
  public var lockTimeout: Duration = .seconds(3600)
  /// A PEM file of certificate authorities that replaces the system's.
  public var certificateAuthorityFile: String?

  public init() {}

  /// Reads `XTTS_REPO_ID`, `COQUI_TOS_AGREED`, `HF_ENDPOINT`, `HF_TOKEN`, `HF_HUB_OFFLINE` and `SSL_CERT_FILE`; what is
  /// absent or empty keeps its default. Throws `invalidSetting`, naming the variable and what is allowed.
  public init(environment: [String: String]) throws(DownloadError) {
    func value(_ name: String) -> String? {
      let trimmed = environment[name]?.trimmingCharacters(in: .whitespacesAndNewlines)
      return trimmed?.isEmpty == false ? trimmed : nil
    }
    if let text = value("HF_ENDPOINT") { endpoint = try HubEndpoint(text) }
    if let text = value("XTTS_REPO_ID") {
      repositoryID = try RepositoryReference(repositoryID: text, revision: "main").repositoryID
    }
    token = value("HF_TOKEN")
    guard token?.wholeMatch(of: /[!-~]{1,1000}/) != nil || token == nil else {
      // The value stays out of the message: it is a secret.
      throw DownloadError(
        .invalidSetting, "HF_TOKEN has a character that no token has; allowed is visible ASCII, 1-1000")
    }
    // Hugging Face's reading of a switch.
    isOffline = value("HF_HUB_OFFLINE").map { ["1", "ON", "YES", "TRUE"].contains($0.uppercased()) } ?? false
    hasAgreedToLicence = value("COQUI_TOS_AGREED") == "1"
    certificateAuthorityFile = value("SSL_CERT_FILE")
  }
}

/// The hub's base address (`HF_ENDPOINT`): https or http, maybe with a path, as mirrors have.
public struct HubEndpoint: Sendable, Hashable {
  /// Without a slash at the end.
  public let text: String

  public static let huggingFace = HubEndpoint(trusted: "https://huggingface.co")

  private init(trusted text: String) { self.text = text }

  /// Throws `invalidSetting`.
  public init(_ text: String) throws(DownloadError) {
    var trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    while trimmed.hasSuffix("/") { trimmed.removeLast() }
    guard trimmed.utf8.count <= 2000, let url = URL(string: trimmed), url.host()?.isEmpty == false,
      ["http", "https"].contains(url.scheme?.lowercased()), url.user == nil, url.password == nil, url.query == nil,
      url.fragment == nil
    else {
      throw DownloadError(
        .invalidSetting,
        "HF_ENDPOINT is \"\(text.excerpt(100))\"; allowed is an http or https address without login, query or fragment")
    }
    self.text = trimmed
  }

  /// Schemes that redirects may lead to: never from https to http.
  var redirectSchemes: String { text.lowercased().hasPrefix("https:") ? "https" : "http,https" }

  /// Whether the hub itself serves an address, and not a server that it redirects to.
  func serves(_ address: String) -> Bool { address.lowercased().hasPrefix(text.lowercased() + "/") }
}
