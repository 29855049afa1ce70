import Foundation

/// A repository of the hub at a revision. Both are validated, so that they are safe in a URL.
struct RepositoryReference: Sendable, Hashable {
  /// `owner/name` or `name`.
  let repositoryID: String
  /// A branch, tag or commit.
  let revision: String

  /// Throws `invalidSetting`; the message names the allowed form.
  init(repositoryID: String, revision: String) throws(DownloadError) {
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

  static func isRepositoryID(_ text: String) -> Bool {
    text.wholeMatch(of: /(\w[\w.\-]{0,95}\/)?\w[\w.\-]{0,95}/.asciiOnlyWordCharacters()) != nil && !text.contains("..")
  }

  static func isRevision(_ text: String) -> Bool {
    text.wholeMatch(of: /[\w.\-]([\w.\-\/]{0,198}[\w.\-])?/.asciiOnlyWordCharacters()) != nil && !text.contains("..")
  }

  static func isCommit(_ text: String) -> Bool { text.wholeMatch(of: /[0-9a-f]{40}/) != nil }

  /// Whether `text` is a plain file name that can neither leave its folder nor replace a file of the pull (part,
  /// record).
  static func isFileName(_ text: String) -> Bool {
    text.wholeMatch(of: /[\w\-][\w.\-]{0,199}/.asciiOnlyWordCharacters()) != nil && !text.hasSuffix(".part")
      && text != RepositoryFile.recordName
  }
}
