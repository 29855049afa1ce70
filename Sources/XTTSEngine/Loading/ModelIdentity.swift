/// The origin and the digest of a model.
public struct ModelIdentity: Sendable, Equatable {
  /// The repository, such as `coqui/XTTS-v2`.
  public var repo: String
  /// The repository's revision.
  public var revision: String
  /// The SHA-256 of `model.pth`, lower-case hex.
  public var sha256: String

  /// The identity of a model.
  public init(repo: String, revision: String, sha256: String) {
    self.repo = repo
    self.revision = revision
    self.sha256 = sha256
  }
}
