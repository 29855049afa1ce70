import Hummingbird

/// Requires `Authorization: Bearer <token>` on all paths except open ones.
struct BearerToken: RouterMiddleware {
  let tokens: AccessTokens
  let openPaths: Set<String>

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    guard !tokens.isEmpty, !openPaths.contains(request.routedPath) else { return try await next(request, context) }
    guard let token = bearer(request).flatMap({ tokens.token($0) }) else {
      throw HTTPError(
        .unauthorized, headers: [.wwwAuthenticate: "Bearer realm=\"speechbus\""],
        message: "a valid bearer token is required")
    }
    var context = context
    context.token = token
    return try await next(request, context)
  }

  private func bearer(_ request: Request) -> Substring? {
    guard let value = request.headers[.authorization] else { return nil }
    let parts = value.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return parts[1]
  }
}
