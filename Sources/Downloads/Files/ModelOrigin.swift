import Foundation

/// The repository and commit of a folder in a Hugging Face cache, read from the folder's path
/// (`models--OWNER--NAME/snapshots/COMMIT`).
public struct ModelOrigin: Sendable, Equatable {
  /// `owner/name`.
  public let repositoryID: String
  /// The commit.
  public let revision: String

  public init(repositoryID: String, revision: String) {
    self.repositoryID = repositoryID
    self.revision = revision
  }

  /// - Returns: nil for any other folder.
  public init?(cacheSnapshot directory: String) {
    let parts = URL(fileURLWithPath: directory).standardizedFileURL.pathComponents.suffix(3)
    guard parts.count == 3, let folder = parts.first, let revision = parts.last,
      parts.dropFirst().first == "snapshots", folder.hasPrefix("models--")
    else { return nil }
    let names = folder.dropFirst("models--".count).components(separatedBy: "--")
    guard names.count == 2, !names.contains("") else { return nil }
    self.init(repositoryID: names.joined(separator: "/"), revision: revision)
  }
}
