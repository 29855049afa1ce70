import Foundation

/// The audit row of one request, failures included. The text appears only as the setting allows.
public struct AuditRecord: Sendable, Equatable, Codable {
  public enum Action: String, Sendable, Codable {
    case synthesize
    case registerVoice = "register_voice"
    case deleteVoice = "delete_voice"
    case pruneAudit = "prune_audit"
  }

  public var action: Action
  public var requestID: String
  public var correlationID: String?
  /// The name that the client gave the request: `message_id` on the bus, `Idempotency-Key` over HTTP.
  public var idempotencyKey: String?
  /// The number of the attempt of a bus request; nil for the first.
  public var attempt: Int?
  public var userID: String?
  /// `amqp`, `http` or `cli`; `service` for what the service does by itself.
  public var transport: String
  /// When the request came in.
  public var receivedAt: Date
  /// SHA-256 of the UTF-8 text, lower-case hex.
  public var textDigest: String?
  public var text: String?
  public var characters: Int?
  public var language: Language?
  public var voiceID: String?
  public var voiceVersion: Int?
  public var settings: [String: String]
  /// Decimal digits: JSON numbers lose the top bits of 64.
  public var seed: String?
  public var modelDigest: String?
  public var precision: String?
  public var device: String?
  /// `ok`, `replayed` or `error`.
  public var outcome: String
  /// For a replayed request: the id of the request that did the work.
  public var originalRequestID: String?
  public var errorCode: SpeechError.Code?
  public var queueSeconds: Double?
  public var firstAudioSeconds: Double?
  public var totalSeconds: Double?
  public var audioSeconds: Double?
  /// SHA-256 of the encoded audio, lower-case hex.
  public var audioDigest: String?
  public var storedPath: String?

  /// A record with no outcome details yet; the caller fills in what it knows.
  public init(action: Action, requestID: String, transport: String, receivedAt: Date, outcome: String = "ok") {
    self.action = action
    self.requestID = requestID
    self.transport = transport
    self.receivedAt = receivedAt
    self.outcome = outcome
    settings = [:]
  }

  private enum CodingKeys: String, CodingKey {
    case action, transport, attempt, text, characters, language, settings, seed, precision, device, outcome
    case requestID = "request_id"
    case correlationID = "correlation_id"
    case idempotencyKey = "idempotency_key"
    case originalRequestID = "original_request_id"
    case userID = "user_id"
    case receivedAt = "received_at_ms"
    case textDigest = "text_sha256"
    case voiceID = "voice_id"
    case voiceVersion = "voice_version"
    case modelDigest = "model_sha256"
    case errorCode = "error_code"
    case queueSeconds = "queue_seconds"
    case firstAudioSeconds = "first_audio_seconds"
    case totalSeconds = "total_seconds"
    case audioSeconds = "audio_seconds"
    case audioDigest = "audio_sha256"
    case storedPath = "stored_path"
  }
}

/// The totals of the recorded requests.
public protocol AuditLog: Sendable {
  /// Totals per user and day (UTC), newest day first; pruning the audit rows does not change them.
  func usage(_ query: UsageQuery) async throws(SpeechError) -> [UsageRow]
}

public struct UsageQuery: Sendable, Equatable {
  public var userID: String?
  /// First day, `YYYY-MM-DD`.
  public var from: String?
  /// Last day, `YYYY-MM-DD`.
  public var to: String?
  public var limit: Int

  public init(userID: String? = nil, from: String? = nil, to: String? = nil, limit: Int = 10_000) {
    self.userID = userID
    self.from = from
    self.to = to
    self.limit = limit
  }
}

public struct UsageRow: Sendable, Equatable, Codable {
  /// Empty for requests that named no user.
  public var userID: String
  /// `YYYY-MM-DD`, UTC.
  public var day: String
  public var requests: Int
  public var errors: Int
  public var characters: Int
  public var audioSeconds: Double

  public init(userID: String, day: String, requests: Int, errors: Int, characters: Int, audioSeconds: Double) {
    self.userID = userID
    self.day = day
    self.requests = requests
    self.errors = errors
    self.characters = characters
    self.audioSeconds = audioSeconds
  }

  private enum CodingKeys: String, CodingKey {
    case day, requests, errors, characters
    case userID = "user_id"
    case audioSeconds = "audio_seconds"
  }
}
