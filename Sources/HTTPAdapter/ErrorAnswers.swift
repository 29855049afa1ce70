import Foundation
import Hummingbird
import Logging
import SpeechCore

/// Turns whatever a route throws into `{"detail": …, "error": {…}}`.
struct ErrorAnswers: RouterMiddleware {
  let logger: Logger

  func handle(
    _ request: Request, context: ServerContext, next: (Request, ServerContext) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as SpeechError {
      if error.code == .internal {
        logger.error("request failed", metadata: ["error": "\(error)", "path": "\(context.endpointPath ?? "")"])
      }
      return ErrorAnswer(error).response
    } catch let error as HTTPError {
      return ErrorAnswer(error).response
    } catch is CancellationError {
      return ErrorAnswer(SpeechError(.cancelled, "the request was cancelled")).response
    } catch {
      logger.error("request failed", metadata: ["error": "\(type(of: error))"])
      return ErrorAnswer(SpeechError(.internal, "unexpected failure")).response
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

  /// - Parameter status: instead of the code's usual one.
  init(_ error: SpeechError, location: String = "body", status: HTTPResponse.Status? = nil) {
    self.error = error
    self.location = error.field == "Idempotency-Key" ? "header" : location
    self.status = status ?? (error.field == "idempotency_key" ? .conflict : Self.status(error.code))
    // A guess on the safe side: a sentence takes seconds.
    if [.tooManyRequests, .serviceUnavailable].contains(self.status) { headers[.retryAfter] = "2" }
  }

  init(_ error: HTTPError) {
    let isFault = error.status.kind == .serverError
    let reason = error.body ?? error.status.reasonPhrase
    self.error = SpeechError(isFault ? .internal : .invalidRequest, reason)
    status = error.status
    headers = error.headers
  }

  static func status(_ code: SpeechError.Code) -> HTTPResponse.Status {
    switch code {
    case .invalidJSON, .invalidRequest, .textEmpty, .textTooLong, .unsupportedLanguage, .replyTooLarge:
      .unprocessableContent
    case .invalidAudio, .audioTooShort, .downloadFailed, .downloadForbidden: .badRequest
    case .unknownSpeaker: .notFound
    case .audioTooLarge: .contentTooLarge
    case .deadlineExceeded: .gatewayTimeout
    case .overloaded: .tooManyRequests
    case .modelUnavailable, .cancelled: .serviceUnavailable
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
    var error: SpeechError
  }

  var response: Response {
    let problem = Body.Problem(
      type: error.code.rawValue, loc: [location] + (error.field.map { [$0] } ?? []), msg: error.message)
    let detail: Body.Detail = status == .unprocessableContent ? .problems([problem]) : .message(error.message)
    return .json(Body(detail: detail, error: error), status: status, headers: headers)
  }
}
