/// A file as it must be.
public struct WantedFile: Sendable, Hashable {
  /// A plain name; the model's files lie in one folder.
  public let name: String
  public let byteCount: Int
  public let digest: ContentDigest
  /// Whether the model can't do without it.
  public let isRequired: Bool

  /// Larger claims are refused: no checkpoint comes near.
  static let byteCountLimit = 1 << 40

  init(name: String, byteCount: Int, digest: ContentDigest, isRequired: Bool) {
    self.name = name
    self.byteCount = byteCount
    self.digest = digest
    self.isRequired = isRequired
  }

  /// Bound to the content by its digest, so that what was left of another revision is never resumed.
  var partName: String { "\(name).\(digest.hexadecimal.prefix(16)).part" }
}
