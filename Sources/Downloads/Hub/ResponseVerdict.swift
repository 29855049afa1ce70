import Foundation

/// What a response to a request for a file means.
enum ResponseVerdict: Equatable {
  /// Its body belongs at this offset of the file; 0 starts over.
  case write(at: Int)
  case retry(TransientFailure)
  case refuse(DownloadError)

  /// Judges the response to a request for the bytes of `file` from `offset` on. `isHub`: the hub itself sent it, and not
  /// a server that it redirected to.
  init(_ response: HTTPClient.Head, to file: RepositoryFile, offset: Int, isHub: Bool) {
    switch response.status {
    case 200, 206: self = Self.judgeContent(response, of: file, offset: offset)
    case 416 where offset > 0: self = .retry(.uselessPart)
    default: self = Self.judgeFailure(response, name: file.name, isHub: isHub)
    }
  }

  private static func judgeContent(_ response: HTTPClient.Head, of file: RepositoryFile, offset: Int) -> Self {
    if response.headers["content-type"]?.lowercased().hasPrefix("text/html") == true {
      return .refuse(
        DownloadError(
          .notAFile,
          "\(file.name): \(response.url.shownAddress) answered with a web page; is there a login page between?"))
    }
    var announced = response.headers["content-length"].flatMap { Int($0) }
    if response.status == 206 {
      guard offset > 0, let range = response.headers["content-range"].flatMap(ContentRange.init),
        range.first == offset
      else { return .retry(.uselessPart) }
      announced = range.total
    }
    if let announced, announced != file.byteCount {
      return .refuse(
        DownloadError(
          .wrongLength, "\(file.name): the server announces \(announced) bytes; it must be \(file.byteCount)"))
    }
    return .write(at: response.status == 206 ? offset : 0)
  }

  /// Judges a response that is not content.
  static func judgeFailure(_ response: HTTPClient.Head, name: String, isHub: Bool) -> Self {
    let status = response.status
    let words = ["x-error-code", "x-error-message"].compactMap { response.headers[$0]?.excerpt(160) }
    let said = words.isEmpty ? "" : " (\(words.joined(separator: ": ")))"
    let answer = "\(name): \(response.url.shownAddress) answered \(status)\(said)"
    switch status {
    case 400, 401, 403:
      guard isHub else { return .retry(.expiredAddress(status)) }
      guard status != 400 else { return .refuse(DownloadError(.invalidResponse, answer)) }
      return .refuse(
        DownloadError(
          .unauthorized,
          "\(answer); the repository is gated, private or absent: set HF_TOKEN to a token that may read it"))
    case 404, 410: return .refuse(DownloadError(.notFound, answer))
    case 408, 425, 429, 500...599: return .retry(.status(status, retryAfter: response.retryAfter))
    default: return .refuse(DownloadError(.invalidResponse, answer))
    }
  }

  /// Whether a body that begins like this is HTML: login pages come with any content type.
  static func isWebPage(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let start = bytes.prefix(64).drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
    let text = String(decoding: start, as: UTF8.self).lowercased()
    return text.hasPrefix("<!doctype html") || text.hasPrefix("<html")
  }
}

/// `Content-Range: bytes first-last/total`.
struct ContentRange: Sendable, Equatable {
  let first: Int
  /// Nil for `*`.
  let total: Int?

  /// Nil when it is malformed or impossible.
  init?(_ text: String) {
    guard let match = text.wholeMatch(of: /bytes ([0-9]{1,15})-([0-9]{1,15})\/([0-9]{1,15}|\*)/),
      let first = Int(match.1), let last = Int(match.2), first <= last
    else { return nil }
    let total = Int(match.3)
    guard match.3 == "*" || total.map({ last < $0 }) == true else { return nil }
    self.first = first
    self.total = total
  }
}
