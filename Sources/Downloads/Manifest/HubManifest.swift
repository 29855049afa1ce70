import Foundation

/// The repositories whose files are known beforehand: revision, sizes, SHA-256.
public struct HubManifest: Sendable, Equatable {
  public struct Repository: Sendable, Equatable {
    public let repositoryID: String
    /// The commit, 40 hexadecimal digits.
    public let revision: String
    /// The licence's name as the hub gives it.
    public let licence: String
    public let files: [RepositoryFile]
  }

  public let repositories: [Repository]

  /// Larger manifests are refused unread.
  public static let byteCountLimit = 1 << 20

  /// `models/manifest.json`, built in so that the program works from anywhere.
  public static let published =
    (try? HubManifest(json: Data(PackageResources.manifest_json))) ?? HubManifest(repositories: [])

  private init(repositories: [Repository]) { self.repositories = repositories }

  /// Reads a manifest strictly. Throws `invalidManifest` with the field's name.
  public init(json: Data) throws(DownloadError) {
    let document = try StrictJSON(json, name: "manifest", limit: Self.byteCountLimit)
    try document.allow(["version", "repositories"])
    try document.checkVersion()
    var repositories: [Repository] = []
    for entry in try document.objects("repositories") {
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

  /// The pinned files of a repository, at the pinned revision; a nil `revision` takes whatever is pinned.
  func repository(_ repositoryID: String, revision: String?) -> Repository? {
    repositories.first { $0.repositoryID == repositoryID && (revision == nil || $0.revision == revision) }
  }
}
