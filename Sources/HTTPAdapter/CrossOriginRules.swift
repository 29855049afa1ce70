import Hummingbird
import SpeechCore

/// CORS by `XTTS_ALLOW_ORIGINS`: preflights are answered here, other answers get the headers. Requests of pages from
/// other origins that change something are refused before their route: a browser sends some of them without a preflight.
struct CrossOriginRules: RouterMiddleware {
  private let policy: CrossOriginPolicy
  private var allowsAll: Bool { policy.allowsAll }

  init(_ policy: CrossOriginPolicy) { self.policy = policy }

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    let host = request.head.authority ?? ""
    // Probes send the address that they reach the service by.
    guard policy.allows(host: host) || OperationsEndpoints.probePaths.contains(request.routedPath) else {
      return refusal("the Host header \(host.prefix(100)) is not in SPEECHBUS_HTTP_HOSTS", of: request)
    }
    guard let origin = request.headers[.origin] ?? mediaOrigin(request) else { return try await next(request, context) }
    if let reason = policy.refusal(method: request.method, path: request.routedPath, origin: origin, host: host) {
      return refusal(reason, of: request)
    }
    let isPreflight = request.method == .options && request.headers[.accessControlRequestMethod] != nil
    var response = isPreflight ? Response(status: .noContent) : try await next(request, context)
    let asked = isPreflight ? request.headers.value("Access-Control-Request-Headers") : nil
    let vary = (allowsAll ? [] : ["Origin"]) + (isPreflight ? ["Access-Control-Request-Headers"] : [])
    if !vary.isEmpty { response.headers[.vary] = vary.joined(separator: ", ") }
    guard policy.allows(origin: origin) else { return response }
    response.headers[.accessControlAllowOrigin] = allowsAll ? "*" : origin
    if isPreflight {
      response.headers[.accessControlAllowMethods] = "GET, POST, PUT, DELETE, OPTIONS"
      // Client libraries add headers, so each header that the page names is allowed.
      response.headers[.accessControlAllowHeaders] =
        asked ?? "Authorization, Content-Type, Idempotency-Key, X-Request-ID, traceparent"
      response.headers[.accessControlMaxAge] = "600"
    } else {
      response.headers[.accessControlExposeHeaders] =
        "X-Request-ID, X-Speechbus-Warnings, Retry-After, Content-Range, Accept-Ranges"
    }
    return response
  }

  /// The page of another site whose audio element requests a synthesis; `null` if the browser does not name it.
  private func mediaOrigin(_ request: Request) -> String? {
    guard request.routedPath == XTTSServerEndpoints.streamPath, request.headers.value("Sec-Fetch-Site") == "cross-site"
    else { return nil }
    return request.headers.value("Referer") ?? "null"
  }

  private func refusal(_ reason: String, of request: Request) -> Response {
    var answer = ErrorAnswer(SpeechError(.invalidRequest, reason), status: .forbidden)
    answer.isOpenAIStyle = request.routedPath.hasPrefix("/v1/")
    return answer.response
  }
}
