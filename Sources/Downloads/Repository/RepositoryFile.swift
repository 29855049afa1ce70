import SpeechCore

/// The expected name, size and digest of a repository's file.
struct RepositoryFile: Sendable, Hashable {
  /// A plain name without folders: a model's files lie in one folder.
  let name: String
  let byteCount: Int
  let digest: ContentDigest
  /// Whether a model without this file is unusable.
  let isRequired: Bool
  /// False for files that only training needs. They are checked when present, and never fetched.
  var isPulled = true

  /// The name of the record that a pull writes next to the files; no file of a repository may have it.
  static let recordName = "speechbus-model.json"

  /// Larger files are refused: 1 TiB, far more than any checkpoint.
  static let byteCountLimit = 1 << 40

  /// The name of the unfinished file. It contains the digest, so that the remains of another revision are never
  /// continued.
  var partName: String { "\(name).\(digest.hexadecimal.prefix(16)).part" }
}

extension RepositoryFile {
  /// Reads the field `files` of a manifest's repository or of a record. Throws `invalidManifest`.
  static func list(of json: StrictFields<DownloadError>) throws(DownloadError) -> [RepositoryFile] {
    var files: [RepositoryFile] = []
    for entry in try json.required("files", json.objects("files", in: 1...100)) {
      let file = try RepositoryFile(entry)
      guard !files.contains(where: { $0.name == file.name }) else {
        throw json.error("files", "has \(file.name) twice")
      }
      files.append(file)
    }
    return files
  }

  private init(_ json: StrictFields<DownloadError>) throws(DownloadError) {
    try json.allow(["path", "size", "sha256", "required", "pull"])
    name = try json.text("path", "a plain file name", where: RepositoryReference.isFileName)
    byteCount = try json.required("size", json.number("size", in: 0...Self.byteCountLimit))
    digest = .sha256(
      try json.text("sha256", "64 hexadecimal digits") { ContentDigest(sha256: $0) != nil }.lowercased())
    isRequired = try json.required("required", json.flag("required"))
    isPulled = try json.flag("pull") ?? true
    guard isPulled || !isRequired else { throw json.error("pull", "is false, but the file is required") }
  }

  /// The object that manifests and records contain.
  var json: [String: Any] {
    ["path": name, "size": byteCount, "sha256": digest.hexadecimal, "required": isRequired]
  }
}
