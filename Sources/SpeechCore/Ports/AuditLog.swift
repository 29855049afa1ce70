import Foundation

/// The audit row of one request, failures included. The text appears only as the setting allows.
public struct AuditRecord: Sendable, Equatable, Codable {
  /// The kinds of recorded events.
  public enum Action: String, Sendable, Codable {
    case synthesize
    case registerVoice = "register_voice"
    case deleteVoice = "delete_voice"
    case exportVoice = "export_voice"
    case putLexicon = "put_lexicon"
    case deleteLexicon = "delete_lexicon"
    case requeueDeadLetter = "requeue_dead_letter"
    case dropDeadLetter = "drop_dead_letter"
    case pruneAudit = "prune_audit"
  }

  /// The kind of the event.
  public var action: Action
  /// 32 hex digits.
  public var requestID: String
  /// As the client sent it.
  public var correlationID: String?
  /// The name that the client gave the request: `message_id` on the bus, `Idempotency-Key` over HTTP.
  public var idempotencyKey: String?
  /// Identifies the message of a bus request: 32 hex digits.
  public var deliveryDigest: String?
  /// The message was delivered before: a row of its end may be there already. Not stored.
  public var isRedelivered = false
  /// The number of the attempt of a bus request; nil for the first.
  public var attempt: Int?
  /// As the request names it.
  public var userID: String?
  /// The name of the client's token.
  public var tokenName: String?
  /// `amqp`, `http` or `cli`; `voice_log` for the change of another replica; `service` for the service's own actions.
  public var transport: String
  /// When the request came in.
  public var receivedAt: Date
  /// SHA-256 of the UTF-8 text, lower-case hex.
  public var textDigest: String?
  /// The text itself, if the setting is `full`.
  public var text: String?
  /// Unicode scalars of the text.
  public var characters: Int?
  /// The language that was spoken.
  public var language: Language?
  /// The voice that spoke.
  public var voiceID: String?
  /// The voice's version at that time.
  public var voiceVersion: Int?
  /// Sampling parameters and other choices, by wire name.
  public var settings: [String: String]
  /// Decimal digits: JSON numbers lose the top bits of 64.
  public var seed: String?
  /// SHA-256 of the weights, lower-case hex.
  public var modelDigest: String?
  /// As in ``ModelDescription``.
  public var precision: String?
  /// As in ``ModelDescription``.
  public var device: String?
  /// `ok`, `replayed` or `error`.
  public var outcome: String
  /// For a replayed request: the id of the request that did the work.
  public var originalRequestID: String?
  /// The error of a failed request.
  public var errorCode: SpeechError.Code?
  /// From receipt to the first slot.
  public var queueSeconds: Double?
  /// From receipt to the first audio.
  public var firstAudioSeconds: Double?
  /// From receipt to the end.
  public var totalSeconds: Double?
  /// Seconds of audio that were made.
  public var audioSeconds: Double?
  /// SHA-256 of the encoded audio, lower-case hex.
  public var audioDigest: String?
  /// The file of a stored clip.
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
    case deliveryDigest = "delivery_sha256"
    case correlationID = "correlation_id"
    case idempotencyKey = "idempotency_key"
    case originalRequestID = "original_request_id"
    case userID = "user_id"
    case tokenName = "token"
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

/// The recorded requests and their totals.
public protocol AuditLog: Sendable {
  /// Recorded requests, the newest first.
  func requests(_ query: AuditQuery) async throws(SpeechError) -> AuditPage
  /// Totals per user and day (UTC), newest day first; pruning the audit rows does not change them.
  func usage(_ query: UsageQuery) async throws(SpeechError) -> [UsageRow]
}

/// The selection of recorded requests. Nil fields select all.
public struct AuditQuery: Sendable, Equatable {
  /// `ok`, `replayed` or `error`.
  public var outcome: String?
  /// The user that the request names.
  public var userID: String?
  /// Older than the row with this sequence.
  public var before: Int?
  /// The most rows.
  public var limit: Int

  public init(outcome: String? = nil, userID: String? = nil, before: Int? = nil, limit: Int = 50) {
    self.outcome = outcome
    self.userID = userID
    self.before = before
    self.limit = limit
  }
}

/// Recorded requests.
public struct AuditPage: Sendable {
  /// The rows as the audit has them, with their `sequence`; the newest first.
  public var requests: [JSONValue]
  /// `before` of the next page; nil if there are no older rows.
  public var next: Int?

  public init(requests: [JSONValue], next: Int?) {
    self.requests = requests
    self.next = next
  }
}

/// The selection of totals.
public struct UsageQuery: Sendable, Equatable {
  /// Nil selects all users.
  public var userID: String?
  /// First day, `YYYY-MM-DD`.
  public var from: String?
  /// Last day, `YYYY-MM-DD`.
  public var to: String?
  /// The most rows.
  public var limit: Int

  public init(userID: String? = nil, from: String? = nil, to: String? = nil, limit: Int = 10_000) {
    self.userID = userID
    self.from = from
    self.to = to
    self.limit = limit
  }
}

/// The totals of one user on one day.
public struct UsageRow: Sendable, Equatable, Codable {
  /// Empty for requests that named no user.
  public var userID: String
  /// `YYYY-MM-DD`, UTC.
  public var day: String
  /// Syntheses, failed and replayed ones included.
  public var requests: Int
  /// Failed syntheses.
  public var errors: Int
  /// Unicode scalars of the texts that were spoken.
  public var characters: Int
  /// Seconds of audio that were made.
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
