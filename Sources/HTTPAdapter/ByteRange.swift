/// The part of a file that a request's `Range` names (RFC 9110). Pure.
enum ByteRange: Equatable {
  /// The whole file: there is no range, or one that is malformed or has several parts, which are ignored.
  case whole
  case part(ClosedRange<Int>)
  /// The range begins after the end of the file.
  case unsatisfiable

  init(_ header: String?, of length: Int) {
    self = .whole
    guard let header, header.lowercased().hasPrefix("bytes=") else { return }
    let bounds = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard bounds.count == 2, bounds.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }) else { return }
    switch (Int(bounds[0]), Int(bounds[1])) {
    case (nil, let count?) where bounds[0].isEmpty:
      self = count > 0 && length > 0 ? .part(max(0, length - count)...(length - 1)) : .unsatisfiable
    case (let first?, nil) where bounds[1].isEmpty:
      self = first < length ? .part(first...(length - 1)) : .unsatisfiable
    case (let first?, let last?) where first <= last:
      self = first < length ? .part(first...min(last, length - 1)) : .unsatisfiable
    default: return
    }
  }
}
