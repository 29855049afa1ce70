import Foundation
import SpeechCore

/// The part of the text that the audit keeps.
public enum AuditTextPolicy: String, CaseIterable, Sendable {
  /// Only its SHA-256.
  case hash
  case full
  case none
}

extension AuditRecord {
  static let replayed = "replayed"

  /// The record of a request of which only its context is known.
  public init(_ action: Action, _ context: RequestContext) {
    self.init(
      action: action, requestID: context.requestID, transport: context.transport.rawValue,
      receivedAt: context.receivedAt)
    // Clients choose these; a record stays small.
    correlationID = context.correlationID.map { String($0.prefix(255)) }
    idempotencyKey = context.idempotencyKey.map { String($0.prefix(255)) }
    tokenName = context.tokenName
    attempt = context.attempt > 1 ? context.attempt : nil
    (deliveryDigest, isRedelivered) = (context.deliveryDigest, context.isRedelivered)
  }

  /// The record of a request whose end is not known yet.
  init(_ request: SynthesisRequest, context: RequestContext, text policy: AuditTextPolicy) {
    self.init(.synthesize, context)
    userID = request.userID
    characters = request.text.count
    language = request.language
    switch policy {
    case .hash: textDigest = SHA256.hash(data: Data(request.text.utf8)).hexadecimal
    case .full: text = request.text
    case .none: break
    }
    settings = ["format": request.format.rawValue, "stream": String(request.stream)]
    let form: [(String, Any?)] = [
      ("sample_rate", request.sampleRate), ("channels", request.channels), ("bitrate", request.bitrate),
      ("loudness", request.loudness),
    ]
    for case (let name, let value?) in form { settings[name] = "\(value)" }
  }

  /// The record of a registration. The audit keeps only the SHA-256 of a consent statement, which is erased with the
  /// voice.
  init(_ request: VoiceRegistration, context: RequestContext, text policy: AuditTextPolicy) {
    self.init(.registerVoice, context)
    userID = request.userID
    settings = request.settings.wireValues
    voiceID = request.changedVoiceID
    if request.latents != nil { settings["latents"] = "imported" }
    guard let consent = request.consent else { return }
    settings["consent"] = policy == .none ? "given" : SHA256.hash(data: Data(consent.utf8)).hexadecimal
  }

  mutating func setVoice(_ voice: ResolvedVoice) {
    voiceID = voice.id
    voiceVersion = voice.version
    if !voice.parts.isEmpty { settings["voice_mix"] = voice.key }
  }

  mutating func setJob(_ job: SynthesisJob, model: ModelDescription) {
    language = job.language
    seed = String(job.seed)
    settings["temperature"] = String(job.sampling.temperature)
    settings["top_k"] = String(job.sampling.topK)
    settings["top_p"] = String(job.sampling.topP)
    settings["repetition_penalty"] = String(job.sampling.repetitionPenalty)
    settings["speed"] = String(job.speed)
    settings["text_normalization"] = job.normalization.rawValue
    modelDigest = model.sha256
    precision = model.precision
    device = model.device
  }

  mutating func setOutcome(_ reply: SynthesisReply) {
    outcome = "ok"
    queueSeconds = reply.timings.queueSeconds
    firstAudioSeconds = reply.timings.firstAudioSeconds
    totalSeconds = reply.timings.totalSeconds
    audioSeconds = reply.durationSeconds
    audioDigest = reply.sha256
  }

  /// The answer was given before; nothing was made for it now.
  mutating func setReplay(_ reply: SynthesisReply) {
    outcome = Self.replayed
    originalRequestID = reply.requestID
    language = reply.language
    voiceID = reply.speakerID
    seed = String(reply.seed)
    audioDigest = reply.sha256
    totalSeconds = Date().timeIntervalSince(receivedAt)
  }

  mutating func setReplay(_ voice: VoiceSummary) {
    outcome = Self.replayed
    voiceID = voice.voiceID
    language = voice.language
  }

  mutating func setOutcome(_ error: SpeechError) {
    outcome = "error"
    errorCode = error.code
    totalSeconds = Date().timeIntervalSince(receivedAt)
  }
}
