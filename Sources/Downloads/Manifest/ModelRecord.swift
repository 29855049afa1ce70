import Foundation
import SpeechCore

/// The record of a pull, written next to the files as `speechbus-model.json`: the origin, and the digests for later
/// checks.
public struct ModelRecord: Sendable, Equatable {
  static let fileName = RepositoryFile.recordName

  /// `owner/name`.
  public let repositoryID: String
  /// The commit if the hub reported it, else the requested revision.
  public let revision: String
  /// The requested revision, such as `main`.
  let requestedRevision: String
  /// The files with their SHA-256.
  let files: [RepositoryFile]

  init(repositoryID: String, revision: String, requestedRevision: String, files: [RepositoryFile]) {
    self.repositoryID = repositoryID
    self.revision = revision
    self.requestedRevision = requestedRevision
    self.files = files
  }

  /// The record in `directory`; nil when there is none. Throws `invalidManifest` or `unreadable`.
  public init?(directory: String) throws(DownloadError) {
    let path = "\(directory)/\(Self.fileName)"
    guard try FileIdentity.existing(path) != nil else { return nil }
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
      throw DownloadError(.unreadable, "\(path): can't be read")
    }
    try self.init(json: data)
  }

  init(json: Data) throws(DownloadError) {
    let document = try StrictFields(json, name: Self.fileName)
    repositoryID = try document.text("repo_id", "owner/name", where: RepositoryReference.isRepositoryID)
    revision = try document.text("revision", "a branch, a tag or a commit", where: RepositoryReference.isRevision)
    requestedRevision = try document.text(
      "requested_revision", "a branch, a tag or a commit", where: RepositoryReference.isRevision)
    files = try RepositoryFile.list(of: document)
  }

  private static let localRevision = "local"

  /// Whether the files come from elsewhere than a hub.
  public var isLocal: Bool { revision == Self.localRevision }

  /// The record of a folder as it is, for a generated model or a fine-tune. Throws `missingFile` or `unreadable`.
  public init(ofFilesIn directory: String) throws(DownloadError) {
    let found = try ModelDirectory(path: directory)
    var files: [RepositoryFile] = []
    for path in [found.weightsPath, found.configurationPath, found.vocabularyPath, found.speakersPath] {
      guard let path else { continue }
      files.append(
        RepositoryFile(
          name: URL(fileURLWithPath: path).lastPathComponent, byteCount: try FileIdentity(ofFileAt: path).byteCount,
          digest: .sha256(try FileDigest.computed(ofFileAt: path).sha256()), isRequired: true))
    }
    let name = "local/\(URL(fileURLWithPath: directory).lastPathComponent)"
    self.init(
      repositoryID: RepositoryReference.isRepositoryID(name) ? name : "local/model", revision: Self.localRevision,
      requestedRevision: Self.localRevision, files: files)
  }

  public func write(into directory: String) throws(DownloadError) {
    let path = "\(directory)/\(Self.fileName)"
    do throws(AtomicFile.Failure) {
      var file = try AtomicFile(path: path)
      try file.append(json())
      try file.commit()
    } catch {
      throw DownloadError(.unwritable, "\(path): \(error.step) failed: \(error.reason)")
    }
  }

  /// Sorted and indented JSON: equal records have equal bytes.
  func json() -> Data {
    let document: [String: Any] = [
      "version": 1, "repo_id": repositoryID, "revision": revision, "requested_revision": requestedRevision,
      "files": files.map(\.json),
    ]
    let json = try? JSONSerialization.data(
      withJSONObject: document, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    return (json ?? Data()) + Data("\n".utf8)
  }
}
