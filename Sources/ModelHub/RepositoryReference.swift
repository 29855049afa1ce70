import Foundation

/// A repository of the hub at a revision. Both are checked, so that they can stand in an address.
public struct RepositoryReference: Sendable, Hashable, CustomStringConvertible {
  /// `owner/name` or `name`.
  public let repositoryID: String
  /// Branch, tag or commit.
  public let revision: String

  /// Throws `invalidSetting`.
  public init(repositoryID: String, revision: String) throws(HubError) {
    guard Self.isRepositoryID(repositoryID) else {
      throw HubError(
        .invalidSetting,
        "XTTS_REPO_ID is \"\(repositoryID.excerpt(100))\"; allowed is owner/name, of letters, digits, \"-\", \"_\" and "
          + "\".\", up to 96 characters each")
    }
    guard Self.isRevision(revision) else {
      throw HubError(
        .invalidSetting,
        "the revision is \"\(revision.excerpt(100))\"; allowed is a branch, a tag or a commit, up to 200 letters, "
          + "digits, \"-\", \"_\", \".\" and \"/\"")
    }
    self.repositoryID = repositoryID
    self.revision = revision
  }

  public var description: String { "\(repositoryID)@\(revision)" }

  /// Where the hub at `endpoint` serves a file: `/{repo}/resolve/{revision}/{file}`. A slash in the revision is
  /// escaped.
  func address(of file: String, at endpoint: HubEndpoint) throws(HubError) -> URL {
    let safe = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "\0"..."\u{7F}"))
      .union(CharacterSet(charactersIn: "-._"))
    guard let revision = revision.addingPercentEncoding(withAllowedCharacters: safe),
      let file = file.addingPercentEncoding(withAllowedCharacters: safe),
      let url = URL(string: "\(endpoint.text)/\(repositoryID)/resolve/\(revision)/\(file)")
    else { throw HubError(.invalidSetting, "\(file.excerpt()): has no address in \(self)") }
    return url
  }

  static func isRepositoryID(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return (1...2).contains(parts.count)
      && parts.allSatisfy { part in
        (1...96).contains(part.utf8.count) && part.utf8.allSatisfy(isNameByte) && !part.contains("..")
          && part.first != "." && part.first != "-"
      }
  }

  static func isRevision(_ text: String) -> Bool {
    (1...200).contains(text.utf8.count) && text.utf8.allSatisfy { isNameByte($0) || $0 == UInt8(ascii: "/") }
      && !text.contains("..") && text.first != "/" && text.last != "/"
  }

  static func isCommit(_ text: String) -> Bool {
    text.utf8.count == 40 && text.isLowerCaseHexadecimal
  }

  /// A plain file name that can't leave its folder nor take the place of our own files.
  static func isFileName(_ text: String) -> Bool {
    (1...200).contains(text.utf8.count) && text.utf8.allSatisfy(isNameByte) && text.first != "."
      && !text.hasSuffix(".part") && text != ModelRecord.fileName
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}

extension String {
  var isLowerCaseHexadecimal: Bool {
    utf8.allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
    }
  }
}
