/// The error object of a failed request, on the bus and over HTTP.
public struct SpeechError: Error, Equatable, Sendable {
  /// The codes of the wire format.
  public enum Code: String, Codable, CaseIterable, Sendable {
    case invalidJSON = "invalid_json"
    case invalidRequest = "invalid_request"
    case textEmpty = "text_empty"
    case textUnreadable = "text_unreadable"
    case textTooLong = "text_too_long"
    case unsupportedLanguage = "unsupported_language"
    case invalidSSML = "invalid_ssml"
    case unsupportedSSML = "unsupported_ssml"
    case unknownSpeaker = "unknown_speaker"
    case ambiguousSpeaker = "ambiguous_speaker"
    case unknownLexicon = "unknown_lexicon"
    case invalidAudio = "invalid_audio"
    case audioTooShort = "audio_too_short"
    case audioTooLarge = "audio_too_large"
    case downloadFailed = "download_failed"
    case downloadForbidden = "download_forbidden"
    case replyTooLarge = "reply_too_large"
    case replyRefused = "reply_refused"
    /// Over HTTP only.
    case unauthorized
    case deadlineExceeded = "deadline_exceeded"
    case cancelled
    case overloaded
    case workerLost = "worker_lost"
    case modelUnavailable = "model_unavailable"
    case `internal`

    /// Whether the same request can succeed later or elsewhere.
    public var isRetryable: Bool {
      switch self {
      case .downloadFailed, .overloaded, .modelUnavailable, .internal: true
      default: false
      }
    }
  }

  /// The reason, for clients.
  public var code: Code
  /// One sentence that names what is wrong and what is allowed. Never holds the text or the audio.
  public var message: String
  /// The invalid request field, by its wire name.
  public var field: String?
  /// Whether the same request can succeed later or elsewhere.
  public var isRetryable: Bool

  public init(_ code: Code, _ message: String, field: String? = nil, isRetryable: Bool? = nil) {
    self.code = code
    self.message = message
    self.field = field
    self.isRetryable = isRetryable ?? code.isRetryable
    ErrorTrace.record(code.rawValue, message)
  }
}

extension SpeechError: Codable {
  private enum CodingKeys: String, CodingKey {
    case code, message
    case isRetryable = "retryable"
    case field
  }
}

extension SpeechError: CustomStringConvertible {
  public var description: String { "\(code.rawValue): \(message)" }
}
