import Foundation
import SpeechCore

/// The repositories whose files are known in advance: revision, sizes, SHA-256.
public struct HubManifest: Sendable, Equatable {
  struct Repository: Sendable, Equatable {
    let repositoryID: String
    /// The commit, 40 hexadecimal digits.
    let revision: String
    /// The hub's name of the licence.
    let licence: String
    let files: [RepositoryFile]
  }

  let repositories: [Repository]

  /// Larger manifests are refused without being parsed. 1 MiB.
  public static let byteCountLimit = 1 << 20

  /// The content of `models/manifest.json`, built into the program so that it does not depend on the working directory.
  public static let published =
    (try? HubManifest(json: Data(PackageResources.manifest_json))) ?? HubManifest(repositories: [])

  private init(repositories: [Repository]) { self.repositories = repositories }

  /// Parses a manifest strictly. Throws `invalidManifest`; the message names the field.
  public init(json: Data) throws(DownloadError) {
    let document = try StrictFields(json, name: "manifest", limit: Self.byteCountLimit)
    try document.allow(["version", "repositories"])
    var repositories: [Repository] = []
    for entry in try document.required("repositories", document.objects("repositories", in: 1...100)) {
      try entry.allow(["repo_id", "revision", "license", "files"])
      let repository = Repository(
        repositoryID: try entry.text("repo_id", "owner/name", where: RepositoryReference.isRepositoryID),
        revision: try entry.text(
          "revision", "a commit of 40 hexadecimal digits", where: RepositoryReference.isCommit),
        licence: try entry.text("license", "a name of 1-100 characters") { (1...100).contains($0.count) },
        files: try RepositoryFile.list(of: entry))
      guard
        repositories.allSatisfy({ ($0.repositoryID, $0.revision) != (repository.repositoryID, repository.revision) })
      else { throw entry.error("repo_id", "is there twice at one revision") }
      repositories.append(repository)
    }
    self.init(repositories: repositories)
  }

  /// The pinned files of a repository at the pinned revision. Nil when the repository is not pinned, or is pinned at
  /// another `revision`.
  func repository(_ repositoryID: String, revision: String?) -> Repository? {
    repositories.first { $0.repositoryID == repositoryID && (revision == nil || $0.revision == revision) }
  }
}
