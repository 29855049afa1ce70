import Foundation

extension HubManifest {
  /// Larger manifests are refused unread.
  public static let byteCountLimit = 1 << 20
  private static let repositoryLimit = 100
  private static let fileLimit = 100

  /// Reads a manifest strictly: unknown or repeated entries, and values out of bounds, throw `invalidManifest` with the
  /// field's name.
  public init(json: Data) throws(HubError) {
    guard json.count <= Self.byteCountLimit else {
      throw HubError(.invalidManifest, "manifest: \(json.count) bytes; at most \(Self.byteCountLimit) are read")
    }
    let document: Document
    do {
      document = try JSONDecoder().decode(Document.self, from: json)
    } catch {
      throw StrictKeys.manifestError("manifest", error)
    }
    guard document.version == 1 else {
      throw HubError(.invalidManifest, "manifest: version is \(document.version); this program reads 1")
    }
    try self.init(document)
  }

  private init(_ document: Document) throws(HubError) {
    guard (1...Self.repositoryLimit).contains(document.repositories.count) else {
      throw HubError(.invalidManifest, "manifest: has \(document.repositories.count) repositories; allowed is 1-100")
    }
    var repositories: [Repository] = []
    for (index, entry) in document.repositories.enumerated() {
      let field = "repositories[\(index)]"
      guard RepositoryReference.isRepositoryID(entry.repositoryID) else {
        throw HubError(.invalidManifest, "manifest: \(field).repo_id must be owner/name")
      }
      guard RepositoryReference.isCommit(entry.revision) else {
        throw HubError(.invalidManifest, "manifest: \(field).revision must be a commit of 40 hexadecimal digits")
      }
      guard (1...100).contains(entry.license.count) else {
        throw HubError(.invalidManifest, "manifest: \(field).license must have 1-100 characters")
      }
      guard !repositories.contains(where: { $0.repositoryID == entry.repositoryID && $0.revision == entry.revision })
      else {
        throw HubError(.invalidManifest, "manifest: \(field) is there twice")
      }
      guard (1...Self.fileLimit).contains(entry.files.count) else {
        throw HubError(.invalidManifest, "manifest: \(field).files has \(entry.files.count) entries; allowed is 1-100")
      }
      var files: [File] = []
      for (index, file) in entry.files.enumerated() {
        let file = try file.checked(field: "manifest: \(field).files[\(index)]")
        guard !files.contains(where: { $0.wanted.name == file.wanted.name }) else {
          throw HubError(.invalidManifest, "manifest: \(field).files has \(file.wanted.name) twice")
        }
        files.append(file)
      }
      repositories.append(
        Repository(
          repositoryID: entry.repositoryID, revision: entry.revision, licence: entry.license, files: files))
    }
    self.repositories = repositories
  }
}

private struct Document: Decodable {
  struct Entry: Decodable {
    let repositoryID: String
    let revision: String
    let license: String
    let files: [FileEntry]

    private enum CodingKeys: String, CodingKey, CaseIterable {
      case repositoryID = "repo_id"
      case revision, license, files
    }

    init(from decoder: any Decoder) throws {
      try StrictKeys.check(decoder, allowed: CodingKeys.allCases)
      let container = try decoder.container(keyedBy: CodingKeys.self)
      repositoryID = try container.decode(String.self, forKey: .repositoryID)
      revision = try container.decode(String.self, forKey: .revision)
      license = try container.decode(String.self, forKey: .license)
      files = try container.decode([FileEntry].self, forKey: .files)
    }
  }

  let version: Int
  let repositories: [Entry]

  private enum CodingKeys: String, CodingKey, CaseIterable { case version, repositories }

  init(from decoder: any Decoder) throws {
    try StrictKeys.check(decoder, allowed: CodingKeys.allCases)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    version = try container.decode(Int.self, forKey: .version)
    repositories = try container.decode([Entry].self, forKey: .repositories)
  }
}
