/// `Content-Range: bytes first-last/total`.
struct ContentRange: Sendable, Equatable {
  let first: Int
  let last: Int
  /// Nil for `*`.
  let total: Int?

  /// Nil when it is malformed or impossible.
  init?(_ text: String) {
    guard text.hasPrefix("bytes ") else { return nil }
    let parts = text.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = FileAnnouncement.byteCount(String(ends[0])),
      let last = FileAnnouncement.byteCount(String(ends[1])), first <= last
    else { return nil }
    let total = FileAnnouncement.byteCount(String(parts[1]))
    guard parts[1] == "*" || total.map({ last < $0 }) == true else { return nil }
    self.first = first
    self.last = last
    self.total = total
  }
}
