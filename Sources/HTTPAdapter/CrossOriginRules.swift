import Hummingbird

/// CORS by `XTTS_ALLOW_ORIGINS`: preflights are answered here, other answers get the headers.
struct CrossOriginRules: RouterMiddleware {
  private let allowsAll: Bool
  private let origins: Set<String>

  init(allowedOrigins: [String]) {
    allowsAll = allowedOrigins.contains("*")
    origins = Set(allowedOrigins)
  }

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    guard let origin = request.headers[.origin] else { return try await next(request, context) }
    let isPreflight = request.method == .options && request.headers[.accessControlRequestMethod] != nil
    var response = isPreflight ? Response(status: .noContent) : try await next(request, context)
    if !allowsAll { response.headers[.vary] = "Origin" }
    guard allowsAll || origins.contains(origin) else { return response }
    response.headers[.accessControlAllowOrigin] = allowsAll ? "*" : origin
    if isPreflight {
      response.headers[.accessControlAllowMethods] = "GET, POST, DELETE, OPTIONS"
      response.headers[.accessControlAllowHeaders] =
        "Authorization, Content-Type, Idempotency-Key, X-Request-ID, traceparent"
      response.headers[.accessControlMaxAge] = "600"
    } else {
      response.headers[.accessControlExposeHeaders] = "X-Request-ID, Retry-After"
    }
    return response
  }
}
