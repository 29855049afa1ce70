import SpeechCore

/// A job of a trace or a benchmark: one segment of an exact length.
public struct FixedLengthJob: Sendable {
  /// Text, language, normalisation, voice, seed, sampling and speed. The text is not split.
  public var job: SynthesisJob
  /// The exact number of codes: the stop code is disabled.
  public var codes: Int
  /// Takes the code with the best score after the repetition penalty in each step and draws none.
  public var isGreedy: Bool
  /// Codes to take instead of the drawn ones, so that the logits of two engines can be compared step by step.
  public var following: [Int]
  /// The windows of audio; nil for those of the engine's options.
  var windows: WindowPolicy?

  /// A job with one segment of `codes` codes.
  public init(_ job: SynthesisJob, codes: Int, isGreedy: Bool = true, following: [Int] = []) {
    self.job = job
    self.codes = codes
    self.isGreedy = isGreedy
    self.following = following
  }
}
