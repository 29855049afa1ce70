import Foundation

extension HubConfiguration {
  /// Reads `XTTS_REPO_ID`, `COQUI_TOS_AGREED`, `HF_ENDPOINT`, `HF_TOKEN`, `HF_HUB_OFFLINE` and `SSL_CERT_FILE`; what is
  /// absent or empty keeps its default. Throws `invalidSetting`, naming the variable and what is allowed.
  public init(environment: [String: String]) throws(HubError) {
    self.init()
    func value(_ name: String) -> String? {
      let trimmed = environment[name]?.trimmingCharacters(in: .whitespacesAndNewlines)
      return trimmed?.isEmpty == false ? trimmed : nil
    }
    if let text = value("HF_ENDPOINT") { endpoint = try HubEndpoint(text) }
    if let text = value("XTTS_REPO_ID") {
      repositoryID = try RepositoryReference(repositoryID: text, revision: "main").repositoryID
    }
    if let text = value("HF_TOKEN") {
      guard Self.isToken(text) else {
        // Its value stays out of the message: it is a secret.
        throw HubError(.invalidSetting, "HF_TOKEN has a character that no token has; allowed is visible ASCII, 1-1000")
      }
      token = text
    }
    isOffline = value("HF_HUB_OFFLINE").map(Self.isTrue) ?? false
    hasAgreedToLicence = value("COQUI_TOS_AGREED") == "1"
    certificateAuthorityFile = value("SSL_CERT_FILE")
  }

  /// Hugging Face's reading of a switch: 1, ON, YES or TRUE in any case.
  static func isTrue(_ text: String) -> Bool {
    ["1", "ON", "YES", "TRUE"].contains(text.uppercased())
  }

  static func isToken(_ text: String) -> Bool {
    (1...1000).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }
}
