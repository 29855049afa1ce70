import SpeechCore

/// What a trace, or a benchmark, asks of the engine: one segment of an exact length.
public struct FixedLengthJob: Sendable {
  public var text: String
  public var language: Language
  public var voice: VoiceConditioning
  /// Exactly this many codes are made: the stop code is disabled.
  public var codes: Int
  public var seed: UInt64
  public var sampling: SamplingParameters
  /// The best score after the repetition penalty each time; nothing is drawn.
  public var isGreedy: Bool
  public var speed: Float
  /// When audio is decoded; nil leaves it to the engine's options.
  public var windows: WindowPolicy?
  /// Codes to take whatever is drawn, so that the logits of two engines can be compared step by step.
  public var following: [Int]?

  public init(
    text: String, language: Language, voice: VoiceConditioning, codes: Int, seed: UInt64 = 0,
    sampling: SamplingParameters = SamplingParameters(), isGreedy: Bool = true, speed: Float = 1,
    windows: WindowPolicy? = nil, following: [Int]? = nil
  ) {
    self.text = text
    self.language = language
    self.voice = voice
    self.codes = codes
    self.seed = seed
    self.sampling = sampling
    self.isGreedy = isGreedy
    self.speed = speed
    self.windows = windows
    self.following = following
  }
}
