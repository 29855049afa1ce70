import Crypto
import Foundation
import SpeechCore

/// How much of the text the audit keeps.
public enum AuditTextPolicy: String, CaseIterable, Sendable {
  /// Only its SHA-256.
  case hash
  case full
  case none
}

extension AuditRecord {
  /// The record of a request whose end is not known yet.
  init(_ request: SynthesisRequest, context: RequestContext, text policy: AuditTextPolicy) {
    self.init(
      action: .synthesize, requestID: context.requestID, transport: context.transport.rawValue,
      receivedAt: context.receivedAt)
    correlationID = context.correlationID
    userID = request.userID
    characters = request.text.count
    language = request.language
    switch policy {
    case .hash: textDigest = SHA256.hash(data: Data(request.text.utf8)).hexadecimal
    case .full: text = request.text
    case .none: break
    }
    settings = ["format": request.format.rawValue, "stream": String(request.stream)]
  }

  mutating func setVoice(_ voice: ResolvedVoice) {
    voiceID = voice.id
    voiceVersion = voice.version
  }

  mutating func setPlan(_ plan: SynthesisPlan, model: ModelDescription) {
    language = plan.language
    seed = String(plan.seed)
    settings["temperature"] = String(plan.sampling.temperature)
    settings["top_k"] = String(plan.sampling.topK)
    settings["top_p"] = String(plan.sampling.topP)
    settings["repetition_penalty"] = String(plan.sampling.repetitionPenalty)
    settings["speed"] = String(plan.speed)
    modelDigest = model.sha256
    precision = model.precision
    device = model.device
  }

  mutating func setOutcome(_ reply: SynthesisReply, storedPath: String?) {
    outcome = "ok"
    queueSeconds = reply.timings.queueSeconds
    firstAudioSeconds = reply.timings.firstAudioSeconds
    totalSeconds = reply.timings.totalSeconds
    audioSeconds = reply.durationSeconds
    audioDigest = reply.sha256
    self.storedPath = storedPath
  }

  mutating func setOutcome(_ error: SpeechError) {
    outcome = "error"
    errorCode = error.code
    totalSeconds = Date().timeIntervalSince(receivedAt)
  }
}
