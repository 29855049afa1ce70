/// The repositories whose files are known beforehand: revision, sizes, SHA-256. `models/manifest.json` is the published
/// one.
public struct HubManifest: Sendable, Equatable {
  public struct Repository: Sendable, Equatable {
    public let repositoryID: String
    /// The commit, 40 hexadecimal digits.
    public let revision: String
    /// The licence's name as the hub gives it.
    public let licence: String
    public let files: [File]

    /// What a pull fetches.
    var wantedFiles: [WantedFile] { files.filter(\.isPulled).map(\.wanted) }
  }

  public struct File: Sendable, Equatable {
    public let wanted: WantedFile
    /// False for files that only training needs: checked when present, never fetched.
    public let isPulled: Bool
  }

  public let repositories: [Repository]

  /// The pinned files of a repository, at the pinned revision; a nil `revision` takes whatever is pinned.
  func repository(_ repositoryID: String, revision: String?) -> Repository? {
    repositories.first { $0.repositoryID == repositoryID && (revision == nil || $0.revision == revision) }
  }
}
