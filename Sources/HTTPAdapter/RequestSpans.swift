import Hummingbird
import SpeechCore
import Tracing

/// Gives each request its identity, and a span to those that change something or speak: from the arrival to the end of
/// the response's body, as a child of the client's `traceparent`.
struct RequestSpans: RouterMiddleware {
  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    var context = context
    context.arrival.traceparent = request.headers.value("traceparent").map { String($0.prefix(128)) }
    if ![.get, .head, .options].contains(request.method) {
      context.arrival.startSpan(
        request.method.rawValue, ofKind: .server, [TraceConvention.httpMethod: .string(request.method.rawValue)])
    }
    guard let span = context.arrival.span else { return try await next(request, context) }
    let ending = SpanEnding(span: span)
    var response = try await next(request, context)
    if let route = context.endpointPath {
      span.operationName = "\(request.method.rawValue) \(route)"
      span.attributes[TraceConvention.httpRoute] = route
    }
    span.attributes[TraceConvention.httpStatus] = response.status.code
    if response.status.code >= 500 { span.setStatus(SpanStatus(code: .error)) }
    let body = response.body
    response.body = ResponseBody(contentLength: body.contentLength) { writer in
      do {
        try await body.write(writer)
      } catch {
        span.setStatus(SpanStatus(code: .error, message: "the response was not sent whole"))
        throw error
      }
      withExtendedLifetime(ending) {}
    }
    return response
  }
}

/// Ends a span when the response is sent, or dropped.
private final class SpanEnding: Sendable {
  private let span: any Span

  init(span: any Span) { self.span = span }

  deinit { span.end() }
}
