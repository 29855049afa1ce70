import NIOHTTP1

/// What the hub says about a file in its headers, gathered over the redirects of one request.
struct FileAnnouncement: Sendable, Equatable {
  /// The commit that the revision stands for.
  private(set) var commit: String?
  private(set) var digest: ContentDigest?
  private(set) var byteCount: Int?

  /// Reads one response on the way. `isHub` is whether the hub itself sent it: nobody else's word counts, but that of
  /// the last server for a file that the hub announced no digest of.
  mutating func read(_ headers: HTTPHeaders, isHub: Bool, isLast: Bool) {
    if isHub {
      if commit == nil, let text = headers.first(name: "X-Repo-Commit")?.lowercased(),
        RepositoryReference.isCommit(text)
      {
        commit = text
      }
      if digest == nil { digest = headers.first(name: "X-Linked-ETag").flatMap(ContentDigest.init(entityTag:)) }
      if byteCount == nil { byteCount = headers.first(name: "X-Linked-Size").flatMap(Self.byteCount) }
    }
    guard isLast else { return }
    // A linked size without a linked digest, or the other way round, is of the same content.
    if digest == nil { digest = headers.first(name: "ETag").flatMap(ContentDigest.init(entityTag:)) }
    if byteCount == nil, headers.first(name: "Content-Range") == nil {
      byteCount = headers.first(name: "Content-Length").flatMap(Self.byteCount)
    }
  }

  /// A decimal length within bounds.
  static func byteCount(_ text: String) -> Int? {
    guard (1...15).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let value = Int(text), value <= WantedFile.byteCountLimit
    else { return nil }
    return value
  }
}
