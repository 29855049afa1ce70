import SpeechCore

/// A job of a trace or a benchmark: one segment of an exact length.
public struct FixedLengthJob: Sendable {
  /// The text, which is not split.
  public var text: String
  /// The language of the text.
  public var language: Language
  /// The default is that of upstream, with which traces are compared.
  public var normalization: NormalizationMode
  /// The voice.
  public var voice: VoiceConditioning
  /// The exact number of codes: the stop code is disabled.
  public var codes: Int
  /// The seed of the random numbers.
  public var seed: UInt64
  /// The sampling parameters.
  public var sampling: SamplingParameters
  /// Takes the code with the best score after the repetition penalty in each step and draws none.
  public var isGreedy: Bool
  /// 0.5–2; above 1 is faster.
  public var speed: Float
  /// The windows of audio; nil for those of the engine's options.
  public var windows: WindowPolicy?
  /// Codes to take instead of the drawn ones, so that the logits of two engines can be compared step by step.
  public var following: [Int]?

  /// A job with one segment.
  public init(
    text: String, language: Language, normalization: NormalizationMode = .upstream, voice: VoiceConditioning,
    codes: Int, seed: UInt64 = 0,
    sampling: SamplingParameters = SamplingParameters(), isGreedy: Bool = true, speed: Float = 1,
    windows: WindowPolicy? = nil, following: [Int]? = nil
  ) {
    self.text = text
    self.language = language
    self.normalization = normalization
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
