import Foundation
import SpeechCore

/// A request with nothing left open: every default filled in, every limit checked. Pure.
public struct SynthesisPlan: Sendable, Equatable {
  public var text: String
  public var language: Language
  public var normalization: NormalizationMode
  public var sampling: SamplingParameters
  public var speed: Float
  public var splitsText: Bool
  public var seed: UInt64

  /// - Parameters:
  ///   - voiceKey: identifies the voice and its version; part of the derived seed.
  ///   - modelDigest: SHA-256 of the model; part of the derived seed.
  public init(_ request: SynthesisRequest, voiceKey: String, modelDigest: String, defaults: Defaults) {
    text = request.text
    language = request.language ?? defaults.language
    normalization = request.normalization ?? defaults.normalization
    sampling = SamplingParameters(
      temperature: request.temperature ?? defaults.sampling.temperature,
      topK: request.topK ?? defaults.sampling.topK,
      topP: request.topP ?? defaults.sampling.topP,
      repetitionPenalty: request.repetitionPenalty ?? defaults.sampling.repetitionPenalty)
    speed = request.speed
    splitsText = request.enableTextSplitting
    seed = 0
    seed = request.seed ?? derivedSeed(voiceKey: voiceKey, modelDigest: modelDigest)
  }

  /// What the service assumes where a request is silent.
  public struct Defaults: Sendable, Equatable {
    public var language: Language
    public var normalization: NormalizationMode
    public var sampling: SamplingParameters

    public init(
      language: Language = .english, normalization: NormalizationMode = .extended,
      sampling: SamplingParameters = SamplingParameters()
    ) {
      self.language = language
      self.normalization = normalization
      self.sampling = sampling
    }
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
