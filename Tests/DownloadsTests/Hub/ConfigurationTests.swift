import Foundation
import Testing

@testable import Downloads

@Suite struct ConfigurationTests {
  @Test func anEmptyEnvironmentMeansTheDefaults() throws {
    let configuration = try HubConfiguration(environment: ["HF_ENDPOINT": "", "HF_TOKEN": " \n"])
    #expect(configuration.endpoint.text == "https://huggingface.co")
    #expect(configuration.endpoint == (try HubEndpoint("https://huggingface.co/")))
    #expect(configuration.repositoryID == "coqui/XTTS-v2")
    #expect(configuration.token == nil)
    #expect(!configuration.isOffline)
    #expect(!configuration.hasAgreedToLicence)
  }

  @Test func readsTheEnvironment() throws {
    let configuration = try HubConfiguration(environment: [
      "HF_ENDPOINT": "http://127.0.0.1:8080/mirror/", "HF_TOKEN": "hf_abc\n", "HF_HUB_OFFLINE": "yes",
      "COQUI_TOS_AGREED": "1", "XTTS_REPO_ID": "someone/fine-tune", "SSL_CERT_FILE": "/etc/ca.pem",
      "HF_HUB_DOWNLOAD_TIMEOUT": "120",
    ])
    #expect(configuration.stallTimeout == .seconds(120))
    #expect(configuration.endpoint.text == "http://127.0.0.1:8080/mirror")
    #expect(configuration.token == "hf_abc")
    #expect(configuration.isOffline)
    #expect(configuration.hasAgreedToLicence)
    #expect(configuration.repositoryID == "someone/fine-tune")
    #expect(configuration.certificateAuthorityFile == "/etc/ca.pem")
  }

  @Test(arguments: [
    ("1", true), ("TRUE", true), ("on", true), ("Yes", true), ("0", false), ("no", false), ("2", false),
  ])
  func switchesAreReadAsHuggingFaceDoes(text: String, isOn: Bool) throws {
    #expect(try HubConfiguration(environment: ["HF_HUB_OFFLINE": text]).isOffline == isOn)
  }

  @Test func onlyOneAgrees() throws {
    for text in ["0", "true", "yes", "11"] {
      #expect(try !HubConfiguration(environment: ["COQUI_TOS_AGREED": text]).hasAgreedToLicence)
    }
  }

  @Test(arguments: [
    ("HF_ENDPOINT", "huggingface.co"), ("HF_ENDPOINT", "ftp://huggingface.co"),
    ("HF_ENDPOINT", "https://me:secret@huggingface.co"), ("HF_ENDPOINT", "https://huggingface.co/?a=b"),
    ("XTTS_REPO_ID", "../../etc"), ("XTTS_REPO_ID", "a/b/c"), ("XTTS_REPO_ID", "a b"), ("XTTS_REPO_ID", "a/"),
    ("HF_TOKEN", "hf_a\r\nHost: elsewhere"), ("HF_HUB_DOWNLOAD_TIMEOUT", "0"), ("HF_HUB_DOWNLOAD_TIMEOUT", "soon"),
  ])
  func refusedValuesNameTheirVariable(name: String, value: String) {
    let error = #expect(throws: DownloadError.self) { try HubConfiguration(environment: [name: value]) }
    #expect(error?.code == .invalidSetting)
    #expect(error?.message.contains(name) == true)
    #expect(error?.message.contains("hf_a") == false)
  }

  @Test func addressesAreTheHubs() throws {
    let reference = try RepositoryReference(repositoryID: "coqui/XTTS-v2", revision: "refs/pr/1")
    let address = reference.address(of: "model.pth", at: try HubEndpoint("http://127.0.0.1:8080/mirror"))
    #expect(
      address == "http://127.0.0.1:8080/mirror/coqui/XTTS-v2/resolve/refs%2Fpr%2F1/model.pth")
  }

  @Test(arguments: ["", "a..b", "/main", "main/", "a b", "a?b", "a#b"])
  func revisionsAreChecked(revision: String) {
    #expect(throws: DownloadError.self) { try RepositoryReference(repositoryID: "a/b", revision: revision) }
  }
}
