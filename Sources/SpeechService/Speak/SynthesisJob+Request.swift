import Foundation
import SpeechCore

extension SynthesisJob {
  /// A request with its voices and every default filled in. Pure.
  /// - Parameters:
  ///   - named: the voices that its text names.
  ///   - modelDigest: SHA-256 of the model; part of the derived seed.
  init(
    _ request: SynthesisRequest, _ context: RequestContext, plan: SpeechPlanner.Plan, voice: ResolvedVoice,
    named: [String: ResolvedVoice] = [:], modelDigest: String, sampling defaults: SamplingParameters
  ) {
    self.init(
      id: context.requestID, text: "", language: plan.language, voice: voice.conditioning, seed: 0,
      sampling: SamplingParameters(
        temperature: request.temperature ?? defaults.temperature, topK: request.topK ?? defaults.topK,
        topP: request.topP ?? defaults.topP,
        repetitionPenalty: request.repetitionPenalty ?? defaults.repetitionPenalty),
      speed: request.speed, splitsText: request.enableTextSplitting, priority: context.priority,
      deadline: context.deadline, dropsFinalPeriod: plan.dropsFinalPeriod, normalization: plan.normalization,
      reportsNormalized: request.include.contains(.normalized))
    plan.apply(to: &self)
    voices = named.mapValues(\.conditioning)
    let others = named.sorted { $0.key < $1.key }.map(\.value.key)
    let version = plan.lexiconVersion.map { [$0] } ?? []
    seed = request.seed ?? derivedSeed(voiceKey: voice.key, modelDigest: modelDigest, others: others + version)
  }

  /// Equal requests get equal seeds, so equal audio. 53 bits, so that a JavaScript client can send it back unharmed.
  /// The length of a pause changes nothing else in the audio, so it is not part of the seed.
  private func derivedSeed(voiceKey: String, modelDigest: String, others: [String]) -> UInt64 {
    var settings = [
      String(sampling.temperature), String(sampling.topK), String(sampling.topP), String(sampling.repetitionPenalty),
      String(speed), String(splitsText),
    ]
    // Without it, seeds are those of versions before the field.
    if normalization != .extended { settings.append(normalization.rawValue) }
    settings += others
    var hash = SHA256()
    for part in [script.seedParts.joined(separator: "\u{0}"), language.rawValue, voiceKey, modelDigest] + settings {
      hash.update(data: Data(part.utf8))
      hash.update(data: [0])
    }
    return hash.finalize().prefix(7).reduce(0) { $0 << 8 | UInt64($1) } & (1 << 53 - 1)
  }
}

extension ResolvedVoice {
  /// Names the voice and its version, of a mix all of them.
  var key: String { parts.isEmpty ? "\(id)/\(version)" : parts.joined(separator: ",") }
}

extension AuditRecord {
  /// The lexicons and further voices, with their versions.
  mutating func setPlan(_ plan: SpeechPlanner.Plan, voices: [String: ResolvedVoice]) {
    settings["lexicon_version"] = plan.lexiconVersion
    if !voices.isEmpty { settings["voices"] = Set(voices.values.map(\.key)).sorted().joined(separator: ",") }
  }
}
