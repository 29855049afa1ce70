import Foundation
import SpeechCore

/// The settings of a pull: repository, source, credentials and time limits.
public struct HubConfiguration: Sendable {
  /// The published XTTS-v2.
  public static let defaultRepositoryID = "coqui/XTTS-v2"

  var endpoint = HubEndpoint.huggingFace
  var repositoryID = HubConfiguration.defaultRepositoryID
  /// A branch, tag or commit; nil: the commit that the manifest pins, or `main` if it pins none.
  var revision: String?
  /// The access token. It is sent only to the scheme, host and port of `endpoint`.
  var token: Secret?
  var isOffline = false
  var hasAgreedToLicence = false
  /// The repositories whose files are known in advance.
  public var manifest = HubManifest.published
  /// Whether a file of another size is replaced, once the new file is complete and checked. If false, such a file stops
  /// the pull, because it may be the user's own model.
  public var replacesOtherFiles = true
  var retry = RetryPolicy()
  var connectTimeout: Duration = .seconds(15)
  /// Time after which a transfer slower than 500 bytes per second fails; whole seconds.
  var stallTimeout: Duration = .seconds(30)
  /// The longest wait for another process that pulls into the same folder.
  var lockTimeout: Duration = .seconds(3600)
  /// A PEM file of certificate authorities that replaces the system's.
  var certificateAuthorityFile: String?
}

extension HubConfiguration {
  /// Reads `XTTS_REPO_ID`, `COQUI_TOS_AGREED`, `HF_ENDPOINT`, `HF_TOKEN`, `HF_HUB_OFFLINE`,
  /// `HF_HUB_DOWNLOAD_TIMEOUT` and `SSL_CERT_FILE`. A missing or empty variable keeps its default. Throws `invalidSetting`; the message names the variable and the
  /// allowed values.
  public init(environment: [String: String]) throws(DownloadError) {
    self.init()
    func value(_ name: String) -> String? {
      let trimmed = environment[name]?.trimmingCharacters(in: .whitespacesAndNewlines)
      return trimmed?.isEmpty == false ? trimmed : nil
    }
    if let text = value("HF_ENDPOINT") { endpoint = try HubEndpoint(text) }
    if let text = value("XTTS_REPO_ID") {
      repositoryID = try RepositoryReference(repositoryID: text, revision: "main").repositoryID
    }
    let token = value("HF_TOKEN")
    self.token = token.map { Secret($0) }
    guard token?.wholeMatch(of: /[!-~]{1,1000}/) != nil || token == nil else {
      // The message does not quote the value: it is a secret.
      throw DownloadError(
        .invalidSetting, "HF_TOKEN has characters that are not allowed; allowed are 1 to 1000 visible ASCII characters")
    }
    // The spellings that Hugging Face's client accepts for an enabled switch.
    isOffline = value("HF_HUB_OFFLINE").map { ["1", "ON", "YES", "TRUE"].contains($0.uppercased()) } ?? false
    if let text = value("HF_HUB_DOWNLOAD_TIMEOUT") {
      guard let seconds = Int(text), (1...3_600).contains(seconds) else {
        throw DownloadError(
          .invalidSetting, "HF_HUB_DOWNLOAD_TIMEOUT is \"\(text.excerpt(100))\"; allowed are 1 to 3600 seconds")
      }
      stallTimeout = .seconds(seconds)
    }
    hasAgreedToLicence = value("COQUI_TOS_AGREED") == "1"
    certificateAuthorityFile = value("SSL_CERT_FILE")
  }
}

/// The hub's base address (`HF_ENDPOINT`): https or http, with an optional path for mirrors.
struct HubEndpoint: Sendable, Hashable {
  /// The address without a slash at the end.
  let text: String

  static let huggingFace = HubEndpoint(trusted: "https://huggingface.co")

  private init(trusted text: String) { self.text = text }

  /// Throws `invalidSetting` for an address that is not a plain http or https URL.
  init(_ text: String) throws(DownloadError) {
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

  /// Schemes that redirects may have: an https endpoint never redirects to http.
  var redirectSchemes: String { text.lowercased().hasPrefix("https:") ? "https" : "http,https" }

  /// Whether the hub runs on this machine. A proxy would look for such an address on its own machine.
  var isOnThisMachine: Bool { ["localhost", "127.0.0.1", "::1"].contains(URL(string: text)?.host()?.lowercased()) }

  /// Whether the hub itself serves `address`, in contrast to a server that it redirects to.
  func serves(_ address: String) -> Bool { address.lowercased().hasPrefix(text.lowercased() + "/") }
}
