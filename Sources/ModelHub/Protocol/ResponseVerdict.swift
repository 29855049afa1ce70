import Foundation
import NIOHTTP1

/// What a response to a request for a file means.
enum ResponseVerdict: Equatable {
  /// Its body belongs at this offset of the file; 0 starts over.
  case write(at: Int)
  case retry(TransientFailure)
  case refuse(HubError)

  /// Judges the last response of a request for the bytes of `file` from `offset` on.
  init(
    _ response: HubResponse.Head, to file: WantedFile, offset: Int, now: Date
  ) {
    switch response.status {
    case 200, 206: self = Self.judgeContent(response, of: file, offset: offset)
    case 416 where offset > 0: self = .retry(.uselessPart)
    default:
      self =
        switch Self.failure(response, file: file.name, now: now) {
        case .transient(let failure): .retry(failure)
        case .permanent(let error): .refuse(error)
        }
    }
  }

  private static func judgeContent(_ response: HubResponse.Head, of file: WantedFile, offset: Int) -> Self {
    let name = file.name
    if response.isWebPage {
      return .refuse(
        HubError(
          .notAFile, "\(name): \(response.shownAddress) answered with a web page; is there a login page between?"))
    }
    if let digest = response.announcement.digest, digest.contradicts(file.digest) {
      return .refuse(HubError(.wrongDigest, "\(name): the hub announces \(digest); it must be \(file.digest)"))
    }
    var announced = response.announcement.byteCount
    if response.status == 206 {
      guard offset > 0, let range = response.headers.first(name: "Content-Range").flatMap(ContentRange.init) else {
        return .retry(.uselessPart)
      }
      guard range.first == offset else { return .retry(.uselessPart) }
      announced = range.total ?? announced
    } else if let length = response.headers.first(name: "Content-Length").flatMap(FileAnnouncement.byteCount) {
      // What is being sent counts, whatever was announced on the way.
      announced = length
    }
    if let announced, announced != file.byteCount {
      return .refuse(
        HubError(.wrongLength, "\(name): the server announces \(announced) bytes; it must be \(file.byteCount)"))
    }
    return .write(at: response.status == 206 ? offset : 0)
  }

  /// A response that is neither content nor a redirect.
  static func failure(_ response: HubResponse.Head, file: String, now: Date) -> RequestFailure {
    let status = response.status
    let words = ["X-Error-Code", "X-Error-Message"].compactMap { response.headers.first(name: $0)?.excerpt(160) }
    let said = words.isEmpty ? "" : " (\(words.joined(separator: ": ")))"
    if !response.isHub, [400, 401, 403].contains(status) { return .transient(.expiredAddress(status)) }
    switch status {
    case 401, 403:
      return .permanent(
        HubError(
          .unauthorized,
          "\(file): \(response.shownAddress) answered \(status)\(said); the repository is gated, private or "
            + "absent: set HF_TOKEN to a token that may read it"))
    case 404, 410:
      return .permanent(HubError(.notFound, "\(file): \(response.shownAddress) answered \(status)\(said)"))
    case 408, 425, 429, 500...599:
      let after = response.headers.first(name: "Retry-After").flatMap { RetryPolicy.retryAfter($0, now: now) }
      return .transient(.status(status, retryAfter: after))
    default:
      return .permanent(HubError(.invalidResponse, "\(file): \(response.shownAddress) answered \(status)\(said)"))
    }
  }
}

/// Why a request brought nothing.
enum RequestFailure: Error, Equatable {
  case transient(TransientFailure)
  case permanent(HubError)
}
