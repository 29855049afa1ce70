import Foundation
import Hummingbird
import SpeechCore

/// Asks for `Authorization: Bearer <token>` everywhere but on open paths.
struct BearerToken: RouterMiddleware {
  private let expected: SHA256.Digest?
  private let openPaths: Set<String>

  /// - Parameter token: nil asks for nothing.
  init(token: Secret?, openPaths: Set<String>) {
    expected = token.map { SHA256.hash(data: Data($0.reveal().utf8)) }
    self.openPaths = openPaths
  }

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    guard let expected, !openPaths.contains(request.uri.path) else { return try await next(request, context) }
    // Digests compare in constant time, and their length tells nothing of the token's.
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
