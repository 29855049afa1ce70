import Foundation

extension RepositoryReference {
  /// The hub's address of a file. Only the slashes of a revision need escaping.
  func address(of file: String, at endpoint: HubEndpoint) -> String {
    "\(endpoint.text)/\(repositoryID)/resolve/\(escapedRevision)/\(file)"
  }

  /// The hub's address of the file list, with sizes and digests.
  func listingAddress(at endpoint: HubEndpoint) -> String {
    "\(endpoint.text)/api/models/\(repositoryID)/revision/\(escapedRevision)?blobs=true"
  }

  private var escapedRevision: String { revision.replacingOccurrences(of: "/", with: "%2F") }
}
