import Foundation
import Hummingbird
import Logging
import SpeechCore

/// Turns each error of a route into `{"detail": …, "error": {…}}`.
struct ErrorAnswers: RouterMiddleware {
  let logger: Logger

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch {
      var answer = ErrorAnswer(describing: error)
      answer.isOpenAIStyle = request.routedPath.hasPrefix("/v1/")
      if answer.error.code == .internal {
        let cause = error is SpeechError ? "\(error)" : "\(type(of: error))"
        var metadata: Logger.Metadata = ["error": "\(cause)", "path": "\(context.endpointPath ?? "")"]
        metadata["request_id"] = "\(context.arrival.requestID)"
        metadata["trace_id"] = context.arrival.traceIDs.map { "\($0.trace)" }
        metadata["span_id"] = context.arrival.traceIDs.map { "\($0.span)" }
        logger.error("request failed", metadata: metadata)
      }
      return answer.response
    }
  }
}

/// An error as HTTP says it. Pure.
struct ErrorAnswer {
  var status: HTTPResponse.Status
  var headers: HTTPFields = [:]
  var error: SpeechError
  /// Where in the request the fault lies: `body`, `query` or `path`.
  var location = "body"
  /// Seconds; a guess on the safe side: a sentence takes seconds.
  static let retryAfter = "2"
  /// Adds what OpenAI's clients read: `type` and `param`.
  var isOpenAIStyle = false

  /// - Parameter status: instead of the code's usual one.
  init(_ error: SpeechError, location: String = "body", status: HTTPResponse.Status? = nil) {
    self.error = error
    self.location = error.field == "Idempotency-Key" ? "header" : location
    self.status = status ?? (error.field == "idempotency_key" ? .conflict : Self.status(error.code))
    if [.tooManyRequests, .serviceUnavailable].contains(self.status) { headers[.retryAfter] = Self.retryAfter }
  }

  /// Describes an error of a route. The details of unexpected errors stay hidden from clients.
  init(describing error: any Error) {
    switch error {
    case let error as SpeechError: self.init(error)
    case let error as HTTPError: self.init(error)
    case is CancellationError: self.init(SpeechError(.cancelled, "the request was cancelled"))
    default: self.init(SpeechError(.internal, "unexpected failure"))
    }
  }

  init(_ error: HTTPError) {
    let code: SpeechError.Code =
      switch error.status.code {
      case 401: .unauthorized
      case 429: .overloaded
      case 500...: .internal
      default: .invalidRequest
      }
    self.error = SpeechError(code, error.body ?? error.status.reasonPhrase)
    status = error.status
    headers = error.headers
  }

  static func status(_ code: SpeechError.Code) -> HTTPResponse.Status {
    switch code {
    case .invalidJSON, .invalidRequest, .textEmpty, .textUnreadable, .textTooLong, .unsupportedLanguage,
      .ambiguousSpeaker, .invalidSSML, .unsupportedSSML, .replyTooLarge:
      .unprocessableContent
    case .invalidAudio, .audioTooShort, .downloadFailed, .downloadForbidden: .badRequest
    case .unauthorized: .unauthorized
    case .unknownSpeaker, .unknownLexicon: .notFound
    case .audioTooLarge: .contentTooLarge
    case .deadlineExceeded: .gatewayTimeout
    case .overloaded: .tooManyRequests
    case .modelUnavailable, .cancelled, .replyRefused, .workerLost: .serviceUnavailable
    case .internal: .internalServerError
    }
  }

  private struct Body: Encodable {
    /// The predecessor's clients know a list for 422 and a sentence otherwise.
    enum Detail: Encodable {
      case message(String)
      case problems([Problem])

      func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .message(let message): try container.encode(message)
        case .problems(let problems): try container.encode(problems)
        }
      }
    }

    struct Problem: Encodable {
      var type: String
      var loc: [String]
      var msg: String
    }

    var detail: Detail
    var error: ErrorObject
  }

  var response: Response {
    let problem = Body.Problem(
      type: error.code.rawValue, loc: [location] + (error.field.map { [$0] } ?? []), msg: error.message)
    let detail: Body.Detail = status == .unprocessableContent ? .problems([problem]) : .message(error.message)
    let object = ErrorObject(error, openAIStatus: isOpenAIStyle ? status : nil)
    return .json(Body(detail: detail, error: object), status: status, headers: headers)
  }
}

/// The error object of the bus, with two more members for clients of OpenAI's API.
struct ErrorObject: Encodable {
  private let error: SpeechError
  private let status: HTTPResponse.Status?

  /// - Parameter openAIStatus: nil leaves their members out.
  init(_ error: SpeechError, openAIStatus: HTTPResponse.Status?) {
    self.error = error
    status = openAIStatus
  }

  private enum CodingKeys: String, CodingKey {
    case type, param
  }

  func encode(to encoder: any Encoder) throws {
    try error.encode(to: encoder)
    guard let status else { return }
    var container = encoder.container(keyedBy: CodingKeys.self)
    let type =
      switch status.code {
      case 429: "rate_limit_error"
      case 500...: "server_error"
      default: "invalid_request_error"
      }
    try container.encode(type, forKey: .type)
    try container.encode(error.field, forKey: .param)
  }
}
