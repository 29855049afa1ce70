import Foundation
import Hummingbird
import SpeechCore

/// Requires `Authorization: Bearer <token>` on all paths except open ones.
struct BearerToken: RouterMiddleware {
  private let expected: SHA256.Digest?
  private let openPaths: Set<String>

  /// - Parameter token: nil requires no header.
  init(token: Secret?, openPaths: Set<String>) {
    expected = token.map { SHA256.hash(data: Data($0.reveal().utf8)) }
    self.openPaths = openPaths
  }

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    guard let expected, !openPaths.contains(request.routedPath) else { return try await next(request, context) }
    // The comparison of digests takes constant time and does not reveal the length of the token.
    guard let token = bearer(request), SHA256.hash(data: Data(token.utf8)) == expected else {
      throw HTTPError(
        .unauthorized, headers: [.wwwAuthenticate: "Bearer realm=\"speechbus\""],
        message: "a valid bearer token is required")
    }
    return try await next(request, context)
  }

  private func bearer(_ request: Request) -> Substring? {
    guard let value = request.headers[.authorization] else { return nil }
    let parts = value.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return parts[1]
  }
}
