import Foundation
import Testing

@testable import Downloads

@Suite struct ManifestTests {
  @Test func theBuiltInManifestIsTheOneInTheRepository() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../../models/manifest.json").standardizedFileURL
    #expect(try HubManifest(json: Data(contentsOf: file)) == HubManifest.published)
  }

  @Test func thePublishedRepositoryIsPinned() throws {
    let pinned = try #require(HubManifest.published.repository("coqui/XTTS-v2", revision: nil))
    #expect(pinned.revision == "6c2b0d75eae4b7047358e3b6bd9325f857d43f77")
    #expect(pinned.licence == "coqui-public-model-license")
    #expect(
      pinned.files.filter(\.isRequired).map(\.name)
        == ["config.json", "vocab.json", "model.pth", "speakers_xtts.pth"])
    let model = try #require(pinned.files.first { $0.name == "model.pth" })
    #expect(model.byteCount == 1_867_929_118)
    // A file that only training needs is checked if it exists, and is not fetched.
    #expect(pinned.files.contains { $0.name == "dvae.pth" && !$0.isPulled })
    #expect(HubManifest.published.repository("coqui/XTTS-v2", revision: "main") == nil)
    #expect(HubManifest.published.repository("coqui/other", revision: nil) == nil)
  }

  private static let digest = String(repeating: "ab", count: 32)
  private static let commit = String(repeating: "1", count: 40)

  private static func json(
    version: String = "1", repo: String = "a/b", revision: String = commit, license: String = "mit",
    path: String = "config.json", size: String = "5", sha256: String = digest, extra: String = ""
  ) -> String {
    """
    {"version": \(version), "repositories": [{"repo_id": "\(repo)", "revision": "\(revision)", "license": "\(license)",
     "files": [{"path": "\(path)", "size": \(size), "sha256": "\(sha256)", "required": true\(extra)}]}]}
    """
  }

  @Test func readsWhatIsRight() throws {
    let manifest = try HubManifest(json: Data(Self.json().utf8))
    #expect(manifest.repositories.first?.files.first?.digest == .sha256(Self.digest))
  }

  @Test(arguments: [
    ("not JSON", "not valid JSON"),
    ("[]", "manifest"),
    (json(version: "2"), "version is 2"),
    (json(repo: "../etc"), "repo_id"),
    (json(revision: "main"), "revision"),
    (json(license: ""), "license"),
    (json(path: "../../etc/passwd"), "files[0].path"),
    (json(path: "a/b"), "files[0].path"),
    (json(path: ".speechbus-pull.lock"), "files[0].path"),
    (json(path: "speechbus-model.json"), "files[0].path"),
    (json(path: "model.pth.part"), "files[0].path"),
    (json(size: "-1"), "files[0].size"),
    (json(size: "1.5"), "files[0].size must be a number"),
    (json(size: "99999999999999"), "files[0].size"),
    (json(size: "\"5\""), "files[0].size must be"),
    (json(sha256: "abcd"), "files[0].sha256"),
    (json(extra: ", \"sha512\": \"\""), "sha512"),
    (json(extra: ", \"pull\": false"), "files[0].pull is false"),
    ("{\"version\": 1, \"repositories\": []}", "repositories"),
    ("{\"version\": 1}", "repositories is missing"),
  ])
  func namesWhatIsWrong(json: String, expected: String) {
    let error = #expect(throws: DownloadError.self) { try HubManifest(json: Data(json.utf8)) }
    #expect(error?.code == .invalidManifest)
    #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
  }

  @Test func refusesRepeatedFilesAndHugeDocuments() {
    let file = "{\"path\": \"a\", \"size\": 1, \"sha256\": \"\(Self.digest)\", \"required\": true}"
    let twice = """
      {"version": 1, "repositories": [{"repo_id": "a/b", "revision": "\(Self.commit)", "license": "mit",
       "files": [\(file), \(file)]}]}
      """
    #expect(throws: DownloadError.self) { try HubManifest(json: Data(twice.utf8)) }
    #expect(throws: DownloadError.self) { try HubManifest(json: Data(count: HubManifest.byteCountLimit + 1)) }
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: DownloadError.self) { try HubManifest(json: Data(deep.utf8)) }
  }

  @Test func recordsAreReadBackAsWritten() throws {
    let record = ModelRecord(
      repositoryID: "someone/fine-tune", revision: Self.commit, requestedRevision: "main",
      files: [RepositoryFile(name: "model.pth", byteCount: 7, digest: .sha256(Self.digest), isRequired: true)])
    let json = record.json()
    #expect(try ModelRecord(json: json) == record)
    #expect(record.json() == json)
  }

  @Test(arguments: ["model.pth", "../model.pth"])
  func recordsAreCheckedAsManifestsAre(name: String) {
    let record = """
      {"version": 1, "repo_id": "a/b", "revision": "main", "requested_revision": "main",
       "files": [{"path": "\(name)", "size": 1, "sha256": "\(Self.digest)", "required": true}]}
      """
    if name == "model.pth" {
      #expect(throws: Never.self) { try ModelRecord(json: Data(record.utf8)) }
    } else {
      #expect(throws: DownloadError.self) { try ModelRecord(json: Data(record.utf8)) }
    }
  }
}
