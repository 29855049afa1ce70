import Foundation

/// The hub's list of a repository's files: which there are, and what they must be.
struct HubListing: Equatable {
  /// The commit that the revision stands for.
  let revision: String
  /// The files that a model is made of.
  let files: [RepositoryFile]

  private static let byteCountLimit = 16 << 20

  /// Asks the hub. Throws ``DownloadError`` or ``TransientFailure``.
  init(_ reference: RepositoryReference, _ session: HubSession) throws {
    let name = reference.repositoryID
    var body = Data()
    try session.get(reference.listingAddress(at: session.configuration.endpoint), name: name) { head, isHub in
      guard head.status != 200 else { return }
      switch ResponseVerdict.judgeFailure(head, name: name, isHub: isHub) {
      case .refuse(let error): throw error
      case .retry(let failure): throw failure
      case .write: return
      }
    } onBody: { bytes in
      guard body.count + bytes.count <= Self.byteCountLimit else {
        throw DownloadError(.invalidResponse, "\(name): its file list has more than \(Self.byteCountLimit) bytes")
      }
      body.append(contentsOf: bytes)
    }
    try self.init(json: body, reference)
  }

  /// Reads the list. Throws `invalidResponse`, `notFound` for a repository that has no model, and `noDigest`.
  init(json: Data, _ reference: RepositoryReference) throws(DownloadError) {
    guard let document = try? JSONDecoder().decode(Document.self, from: json) else {
      throw DownloadError(.invalidResponse, "\(reference.repositoryID): the hub's file list can't be read")
    }
    let listed = Dictionary(document.siblings.map { ($0.rfilename, $0) }) { first, _ in first }
    var files: [RepositoryFile] = []
    func take(_ name: String, isRequired: Bool) throws(DownloadError) {
      if let file = listed[name] {
        files.append(try file.checked(isRequired: isRequired))
      } else if isRequired {
        throw DownloadError(.notFound, "\(reference.repositoryID) at \(reference.revision): has no \(name)")
      }
    }
    for name in ModelDirectory.requiredNames { try take(name, isRequired: true) }
    let weights = ModelDirectory.weightsNames.first { listed[$0] != nil } ?? ModelDirectory.weightsNames[0]
    try take(weights, isRequired: true)
    for name in ModelDirectory.optionalNames { try take(name, isRequired: false) }
    self.files = files
    let commit = document.sha?.lowercased() ?? ""
    revision = RepositoryReference.isCommit(commit) ? commit : reference.revision
  }

  private struct Document: Decodable {
    let sha: String?
    let siblings: [Entry]
  }

  private struct Entry: Decodable {
    struct LargeFile: Decodable {
      let sha256: String
      let size: Int
    }

    let rfilename: String
    let size: Int?
    let blobId: String?
    let lfs: LargeFile?

    func checked(isRequired: Bool) throws(DownloadError) -> RepositoryFile {
      let digest = lfs.map { ContentDigest(sha256: $0.sha256) } ?? blobId.flatMap(ContentDigest.init(gitBlob:))
      guard let digest else {
        throw DownloadError(
          .noDigest,
          "\(rfilename): the hub lists no SHA-256 or git digest for it, so it could not be checked; pin it in a manifest"
        )
      }
      guard let size = lfs?.size ?? size, (0...RepositoryFile.byteCountLimit).contains(size) else {
        throw DownloadError(.invalidResponse, "\(rfilename): the hub lists no length for it, or one over the limit")
      }
      return RepositoryFile(name: rfilename, byteCount: size, digest: digest, isRequired: isRequired)
    }
  }
}
