import Foundation

/// What was pulled into a folder, written beside the files as `speechbus-model.json`: the origin and the digests that a
/// later check compares with.
public struct ModelRecord: Sendable, Equatable {
  public static let fileName = "speechbus-model.json"
  static let byteCountLimit = 1 << 20

  public let repositoryID: String
  /// The commit, where the hub told it, else the revision that was asked for.
  public let revision: String
  /// The revision that was asked for, such as `main`.
  public let requestedRevision: String
  /// With their SHA-256.
  public let files: [WantedFile]

  init(repositoryID: String, revision: String, requestedRevision: String, files: [WantedFile]) {
    self.repositoryID = repositoryID
    self.revision = revision
    self.requestedRevision = requestedRevision
    self.files = files
  }

  /// The record in `directory`; nil when there is none. Throws `invalidManifest` or `unreadable`.
  public init?(directory: String) throws(HubError) {
    guard let data = try DiskFile.read(directory, Self.fileName, limit: Self.byteCountLimit) else { return nil }
    try self.init(json: data)
  }

  init(json: Data) throws(HubError) {
    let document: Document
    do {
      document = try JSONDecoder().decode(Document.self, from: json)
    } catch {
      throw StrictKeys.manifestError(Self.fileName, error)
    }
    guard document.version == 1 else {
      throw HubError(.invalidManifest, "\(Self.fileName): version is \(document.version); this program reads 1")
    }
    guard RepositoryReference.isRepositoryID(document.repositoryID) else {
      throw HubError(.invalidManifest, "\(Self.fileName): repo_id must be owner/name")
    }
    guard RepositoryReference.isRevision(document.revision),
      RepositoryReference.isRevision(document.requestedRevision)
    else { throw HubError(.invalidManifest, "\(Self.fileName): revision must be a branch, a tag or a commit") }
    guard (1...100).contains(document.files.count) else {
      throw HubError(.invalidManifest, "\(Self.fileName): files has \(document.files.count) entries; allowed is 1-100")
    }
    var files: [WantedFile] = []
    for (index, entry) in document.files.enumerated() {
      let file = try entry.checked(field: "\(Self.fileName): files[\(index)]").wanted
      guard !files.contains(where: { $0.name == file.name }) else {
        throw HubError(.invalidManifest, "\(Self.fileName): files has \(file.name) twice")
      }
      files.append(file)
    }
    self.init(
      repositoryID: document.repositoryID, revision: document.revision, requestedRevision: document.requestedRevision,
      files: files)
  }

  /// Sorted and indented: equal records are equal bytes.
  func json() throws(HubError) -> Data {
    let document = Document(
      version: 1, repositoryID: repositoryID, revision: revision, requestedRevision: requestedRevision,
      files: files.map {
        FileEntry(
          name: $0.name, byteCount: $0.byteCount, sha256: $0.digest.hexadecimal, isRequired: $0.isRequired)
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return try encoder.encode(document) + Data("\n".utf8)
    } catch {
      throw HubError(.unwritable, "\(Self.fileName): can't be encoded")
    }
  }

  private struct Document: Codable {
    let version: Int
    let repositoryID: String
    let revision: String
    let requestedRevision: String
    let files: [FileEntry]

    private enum CodingKeys: String, CodingKey {
      case repositoryID = "repo_id"
      case requestedRevision = "requested_revision"
      case version, revision, files
    }
  }
}
