import AsyncHTTPClient
import Foundation
import NIOHTTP1

/// The last response of a request, after its redirects.
struct HubResponse: Sendable {
  struct Head: Sendable, Equatable {
    let status: Int
    let headers: HTTPHeaders
    /// Whether the hub itself sent it, and not a server that it redirected to.
    let isHub: Bool
    let announcement: FileAnnouncement
    /// Where it came from, without the query.
    let shownAddress: String

    var isWebPage: Bool {
      headers.first(name: "Content-Type")?.lowercased().hasPrefix("text/html") == true
    }
  }

  let head: Head
  let body: HTTPClientResponse.Body
}
