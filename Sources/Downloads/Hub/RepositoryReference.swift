import Foundation

/// A repository of the hub at a revision. Both are checked, so that they can stand in an address.
public struct RepositoryReference: Sendable, Hashable {
  /// `owner/name` or `name`.
  public let repositoryID: String
  /// Branch, tag or commit.
  public let revision: String

  /// Throws `invalidSetting`.
  public init(repositoryID: String, revision: String) throws(DownloadError) {
    guard Self.isRepositoryID(repositoryID) else {
      throw DownloadError(
        .invalidSetting,
        "XTTS_REPO_ID is \"\(repositoryID.excerpt(100))\"; allowed is owner/name, of letters, digits, \"-\", \"_\" and "
          + "\".\", up to 96 characters each")
    }
    guard Self.isRevision(revision) else {
      throw DownloadError(
        .invalidSetting,
        "the revision is \"\(revision.excerpt(100))\"; allowed is a branch, a tag or a commit, up to 200 letters, "
          + "digits, \"-\", \"_\", \".\" and \"/\"")
    }
    self.repositoryID = repositoryID
    self.revision = revision
  }

  /// Where the hub serves a file. Nothing in it needs escaping but a revision's slashes.
  func address(of file: String, at endpoint: HubEndpoint) -> String {
    "\(endpoint.text)/\(repositoryID)/resolve/\(escapedRevision)/\(file)"
  }

  /// Where the hub lists the repository's files, with their sizes and digests.
  func listingAddress(at endpoint: HubEndpoint) -> String {
    "\(endpoint.text)/api/models/\(repositoryID)/revision/\(escapedRevision)?blobs=true"
  }

  private var escapedRevision: String { revision.replacingOccurrences(of: "/", with: "%2F") }

  static func isRepositoryID(_ text: String) -> Bool {
    text.wholeMatch(of: /(\w[\w.\-]{0,95}\/)?\w[\w.\-]{0,95}/.asciiOnlyWordCharacters()) != nil && !text.contains("..")
  }

  static func isRevision(_ text: String) -> Bool {
    text.wholeMatch(of: /[\w.\-]([\w.\-\/]{0,198}[\w.\-])?/.asciiOnlyWordCharacters()) != nil && !text.contains("..")
  }

  static func isCommit(_ text: String) -> Bool { text.wholeMatch(of: /[0-9a-f]{40}/) != nil }

  /// A plain file name that can't leave its folder nor take the place of our own files.
  static func isFileName(_ text: String) -> Bool {
    text.wholeMatch(of: /[\w\-][\w.\-]{0,199}/.asciiOnlyWordCharacters()) != nil && !text.hasSuffix(".part")
      && text != ModelRecord.fileName
  }
}
