/// A file of a repository, as it must be.
public struct RepositoryFile: Sendable, Hashable {
  /// A plain name: a model's files lie in one folder.
  public let name: String
  public let byteCount: Int
  public let digest: ContentDigest
  /// Whether the model can't do without it.
  public let isRequired: Bool
  /// False for files that only training needs: checked when present, never fetched.
  public var isPulled = true

  /// Larger files are refused: no checkpoint comes near.
  static let byteCountLimit = 1 << 40

  /// Names the part file. It is bound to the content by its digest, so that what was left of another revision is never
  /// continued.
  var partName: String { "\(name).\(digest.hexadecimal.prefix(16)).part" }
}

extension RepositoryFile {
  /// The field `files` of a manifest's repository or of a record. Throws `invalidManifest`.
  static func list(of json: StrictJSON) throws(DownloadError) -> [RepositoryFile] {
    var files: [RepositoryFile] = []
    for entry in try json.objects("files") {
      let file = try RepositoryFile(entry)
      guard !files.contains(where: { $0.name == file.name }) else {
        throw json.error("files", "has \(file.name) twice")
      }
      files.append(file)
    }
    return files
  }

  private init(_ json: StrictJSON) throws(DownloadError) {
    try json.allow(["path", "size", "sha256", "required", "pull"])
    name = try json.text("path", "a plain file name", where: RepositoryReference.isFileName)
    byteCount = try json.count("size", in: 0...Self.byteCountLimit)
    digest = .sha256(
      try json.text("sha256", "64 hexadecimal digits") { ContentDigest(sha256: $0) != nil }.lowercased())
    isRequired = try json.flag("required")
    isPulled = try json.flag("pull", fallback: true)
    guard isPulled || !isRequired else { throw json.error("pull", "is false, but the file is required") }
  }

  /// As manifests and records write it.
  var json: [String: Any] {
    ["path": name, "size": byteCount, "sha256": digest.hexadecimal, "required": isRequired]
  }
}
