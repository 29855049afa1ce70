import Foundation
import Tracing

/// The service's use cases, which every transport calls. `SpeechService` implements it; a stub does in transport tests.
public protocol SpeechRequestHandler: Sendable {
  /// Speaks one request.
  ///
  /// - Parameter onAudio: for a streamed request, receives encoded audio in order, each chunk awaited before the next
  ///   (16-bit PCM, or encoded frames that concatenate for mp3 and opus); throwing from it cancels the synthesis.
  /// - Returns: the whole reply; without audio when it was streamed.
  /// - Throws: ``SpeechError``. Cancelling the calling task cancels the synthesis and throws `cancelled`.
  func synthesize(
    _ request: SynthesisRequest, context: RequestContext, onAudio: (@Sendable (Data) async throws -> Void)?
  ) async throws(SpeechError) -> SynthesisReply

  /// All voices a request may name.
  func voices() async throws(SpeechError) -> [VoiceSummary]
  /// A voice as a file. Throws as ``VoiceCatalog/resolve(_:)`` does.
  /// - Parameter name: as `speaker_id` of a request.
  func exportVoice(
    _ name: String, format: LatentsFormat, context: RequestContext
  ) async throws(SpeechError) -> ExportedVoice
  /// Makes a voice from reference audio or latents, or changes one's cloning settings. Throws as
  /// ``VoiceCatalog/register(_:ending:)`` does.
  func registerVoice(_ request: VoiceRegistration, context: RequestContext) async throws(SpeechError) -> VoiceSummary
  /// Deletes a registered voice. Throws `unknown_speaker`, or `invalid_request` for other voices.
  /// - Parameter removesAudio: also removes stored clips and replies in this voice.
  func deleteVoice(id: String, removesAudio: Bool, context: RequestContext) async throws(SpeechError)
  /// All stored lexicons, by id.
  func lexicons() async throws(SpeechError) -> [Lexicon]
  /// - Throws: `unknown_lexicon`.
  func lexicon(id: String) async throws(SpeechError) -> Lexicon
  /// Stores a lexicon with the next version; the returned flag says whether it is new.
  func putLexicon(
    _ lexicon: Lexicon, context: RequestContext
  ) async throws(SpeechError) -> (lexicon: Lexicon, isNew: Bool)
  /// - Throws: `unknown_lexicon`.
  func deleteLexicon(id: String, context: RequestContext) async throws(SpeechError)
  /// The model, its languages and voices. Throws `model_unavailable` before the model is loaded.
  func configuration() async throws(SpeechError) -> ServiceConfiguration

  /// Records a request that a transport could not pass on: unreadable, expired, or without a requester.
  /// - Throws: `internal` when the record can't be committed.
  func recordRefusal(
    _ error: SpeechError, of action: AuditRecord.Action, context: RequestContext
  ) async throws(SpeechError)
  /// Records an operator's action.
  /// - Throws: `internal` when the record can't be committed.
  func record(_ record: AuditRecord) async throws(SpeechError)
}

/// The origin of a request, and its limits.
public struct RequestContext: Sendable {
  /// The way a request came in.
  public enum Transport: String, Sendable {
    case amqp, http, commandLine = "cli"
  }

  /// Unguessable, made by the service: 32 hex digits.
  public var requestID: String
  /// The way the request came in.
  public var transport: Transport
  /// As the client sent it, for records.
  public var correlationID: String?
  /// `message_id` on the bus, `Idempotency-Key` over HTTP.
  public var idempotencyKey: String?
  /// The name of the client's token; nil for requests without a named one.
  public var tokenName: String?
  /// For a request without an idempotency key that must not be done twice when the transport delivers it again.
  public var deliveryKey: DeliveryKey?
  /// Identifies a message of the bus, so that its redelivery leaves no second record.
  public var deliveryDigest: String?
  /// Whether the broker delivered the message before.
  public var isRedelivered = false
  /// The time of arrival by the wall clock, for records.
  public var receivedAt: Date
  /// The time of arrival by the monotonic clock, for durations.
  public var arrival: ContinuousClock.Instant
  /// Set once, on arrival, so that a step of the wall clock does not move it.
  public var deadline: ContinuousClock.Instant?
  /// 0–9, higher first.
  public var priority: Int
  /// The W3C trace context of the requester, or of ``span``.
  public var traceparent: String?
  /// The span of the request, whose children are its parts; nil if it is not recorded.
  public var span: (any Span)?
  /// 1 on first delivery.
  public var attempt: Int

  /// Names one delivery by what the requester sent. Its reply is kept like that of an idempotency key, but answers only
  /// a redelivery: the same request sent again is executed again.
  public struct DeliveryKey: Sendable, Equatable {
    /// The identity of the request: reply queue, correlation id, body.
    public var parts: [Data]
    /// Whether the broker delivered it before.
    public var isRedelivered: Bool

    public init(parts: [Data], isRedelivered: Bool) {
      self.parts = parts
      self.isRedelivered = isRedelivered
    }
  }

  public init(
    requestID: String = Self.makeRequestID(), transport: Transport, correlationID: String? = nil,
    idempotencyKey: String? = nil, receivedAt: Date = Date(), arrival: ContinuousClock.Instant = .now,
    deadline: ContinuousClock.Instant? = nil, priority: Int = 0, traceparent: String? = nil, attempt: Int = 1
  ) {
    self.requestID = requestID
    self.transport = transport
    self.correlationID = correlationID
    self.idempotencyKey = idempotencyKey
    self.receivedAt = receivedAt
    self.arrival = arrival
    self.deadline = deadline
    self.priority = priority
    self.traceparent = traceparent
    self.attempt = attempt
  }

  /// Seconds since the arrival.
  public var age: Double { (.now - arrival) / .seconds(1) }

  /// A new unguessable request id.
  public static func makeRequestID() -> String {
    UUID().uuidString.replacing("-", with: "").lowercased()
  }
}
