/// The loaded model, as replies and audit rows name it.
public struct ModelDescription: Codable, Sendable, Equatable {
  /// The repository's id, or the folder's name for a local model.
  public var repo: String
  /// The commit, or `local`.
  public var revision: String
  /// SHA-256 of `model.pth`, lower-case hex.
  public var sha256: String
  /// `float32`, `int8`, `bfloat16` or `float16`: the GPT's; the vocoder is always float32.
  public var precision: String
  /// `cpu` or `cuda:N`.
  public var device: String

  public init(repo: String, revision: String, sha256: String, precision: String, device: String) {
    self.repo = repo
    self.revision = revision
    self.sha256 = sha256
    self.precision = precision
    self.device = device
  }
}
