/// What is known of a model besides its files.
public struct ModelIdentity: Sendable, Equatable {
  public var repo: String
  public var revision: String
  /// SHA-256 of `model.pth`, lower-case hex.
  public var sha256: String

  public init(repo: String, revision: String, sha256: String) {
    self.repo = repo
    self.revision = revision
    self.sha256 = sha256
  }
}
