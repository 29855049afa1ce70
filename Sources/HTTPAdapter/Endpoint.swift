import Hummingbird
import SpeechCore

/// One route with its description: the router and the OpenAPI document are both made from it.
struct Endpoint: Sendable {
  struct Parameter: Sendable {
    var name: String
    /// `path` or `query`.
    var location: String
    var description: String
    var schema: JSONValue
    /// A path parameter always is.
    var isRequired = false
  }

  struct Answer: Sendable {
    var description: String
    /// Media type to schema; empty for none.
    var content: [String: JSONValue]

    static func json(_ description: String, _ schema: JSONValue) -> Answer {
      Answer(description: description, content: ["application/json": schema])
    }

    static func text(_ description: String, _ mediaType: String = "text/plain") -> Answer {
      Answer(description: description, content: [mediaType: ["type": "string"]])
    }
  }

  /// The groups of the OpenAPI document.
  enum Tag: String, CaseIterable {
    case speech, voices, openai, xtts, operation, service

    var summary: String {
      switch self {
      case .speech: "Synthesis and stored audio."
      case .voices: "Voices, lexicons and the model."
      case .openai: "The endpoints of OpenAI's speech API."
      case .xtts: "The endpoints of xtts-api-server."
      case .operation: "For operators: queues, dead-lettered messages, recorded requests and usage."
      case .service: "Health, metrics and descriptions."
      }
    }
  }

  /// The latents of a voice are biometric data.
  static let latentsPath = "/api/v1/tts/voices/{voice_id}/latents"

  var method: HTTPRequest.Method
  /// With parameters in braces, as OpenAPI and the router both write them.
  var path: String
  var operationID: String
  var summary: String
  var parameters: [Parameter] = []
  /// Schema of the JSON body; nil for none.
  var body: JSONValue?
  /// Schema of a body of `multipart/form-data`; nil for none.
  var form: JSONValue?
  /// Status to answer, success ones only.
  var answers: [Int: Answer]
  /// Error statuses in addition to those of every endpoint.
  var errors: [Int] = []
  /// Reachable without the bearer token.
  var isOpen = false
  var acceptsIdempotencyKey = false
  var answer: @Sendable (Request, ServerContext) async throws -> Response

  /// The scope that a token needs; nil: any token will do.
  var scope: AccessScope? {
    switch (method, path) {
    case (_, "/metrics"): .metrics
    case (_, let path) where OperatorEndpoints.paths.contains(path): .operate
    case (.get, "/api/v1/tts/audio/{request_id}"), (.post, "/v1/audio/speech"), (.post, "/api/v1/tts/synthesize"),
      (.post, "/api/v1/tts/normalize"), (.post, XTTSServerEndpoints.wholePath), (.get, XTTSServerEndpoints.streamPath):
      .synthesize
    case (.get, Self.latentsPath): .voices
    case (.get, _): nil
    default: .voices
    }
  }

  /// - Throws: 403 for a token without the scope.
  func require(_ token: AccessToken?) throws {
    guard let token, let scope, !token.scopes.contains(scope) else { return }
    throw HTTPError(.forbidden, message: "the token needs the scope \(scope.rawValue)")
  }

  var tag: Tag {
    if path.hasPrefix("/v1/") { return .openai }
    if XTTSServerEndpoints.paths.contains(path) { return .xtts }
    if scope == .operate { return .operation }
    guard path.hasPrefix("/api/v1/tts/") else { return .service }
    return path.contains("/voices") || path.contains("/lexicons") || path.hasSuffix("/config") ? .voices : .speech
  }
}
