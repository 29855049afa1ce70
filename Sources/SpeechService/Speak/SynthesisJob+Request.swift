import Foundation
import SpeechCore

extension SynthesisJob {
  /// The values of fields that a request omits.
  struct Defaults: Sendable {
    var language: Language
    var normalization: NormalizationMode
    var sampling: SamplingParameters
  }

  /// A request with its voice and every default filled in. Pure.
  /// - Parameter modelDigest: SHA-256 of the model; part of the derived seed.
  init(
    _ request: SynthesisRequest, _ context: RequestContext, voice: ResolvedVoice, modelDigest: String,
    defaults: Defaults
  ) {
    self.init(
      id: context.requestID, text: request.text, language: request.language ?? defaults.language,
      voice: voice.conditioning, seed: 0,
      sampling: SamplingParameters(
        temperature: request.temperature ?? defaults.sampling.temperature,
        topK: request.topK ?? defaults.sampling.topK,
        topP: request.topP ?? defaults.sampling.topP,
        repetitionPenalty: request.repetitionPenalty ?? defaults.sampling.repetitionPenalty),
      speed: request.speed, splitsText: request.enableTextSplitting, priority: context.priority,
      deadline: context.deadline, normalization: request.normalization ?? defaults.normalization,
      reportsNormalized: request.include.contains(.normalized))
    seed = request.seed ?? derivedSeed(voiceKey: "\(voice.id)/\(voice.version)", modelDigest: modelDigest)
  }

  /// Equal requests get equal seeds, so equal audio. 53 bits, so that a JavaScript client can send it back unharmed.
  private func derivedSeed(voiceKey: String, modelDigest: String) -> UInt64 {
    var settings = [
      String(sampling.temperature), String(sampling.topK), String(sampling.topP), String(sampling.repetitionPenalty),
      String(speed), String(splitsText),
    ]
    // Without it, seeds are those of versions before the field.
    if normalization != .extended { settings.append(normalization.rawValue) }
    var hash = SHA256()
    for part in [text, language.rawValue, voiceKey, modelDigest] + settings {
      hash.update(data: Data(part.utf8))
      hash.update(data: [0])
    }
    return hash.finalize().prefix(7).reduce(0) { $0 << 8 | UInt64($1) } & (1 << 53 - 1)
  }
}
