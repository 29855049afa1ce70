/// The differences between a job and ordinary speech: for traces, benchmarks and the warm-up. Ordinary speech has none.
struct Diagnostics: Sendable {
  /// Takes the code with the best score in each step and draws none.
  var isGreedy = false
  /// Never draws the stop code, so that each segment has exactly as many codes as its limit.
  var suppressesStop = false
  /// Codes to take instead of the drawn ones, from the first step on.
  var following: [Int] = []
  /// Receives the stages of each segment.
  var trace: (@Sendable (SegmentTrace) -> Void)?

  /// Whether the trace contains the logits of this step: those of the first one, and of all if codes are followed.
  func needsLogits(at index: Int) -> Bool { trace != nil && (index == 0 || !following.isEmpty) }

  /// The code of a step for which the sampler has drawn `drawn`.
  func code(at index: Int, drawn: Int) -> Int { index < following.count ? following[index] : drawn }
}

/// The results of the model for one segment, stage by stage.
public struct SegmentTrace: Sendable, Equatable {
  /// The text tokens without the model's start and stop tokens.
  public var textTokens: [Int]
  /// The audio codes without the stop code.
  public var codes: [Int]
  /// `[audioCodeCount]` float32: the scores of the first code, before sampling.
  public var firstLogits: [Float]
  /// The scores of every code if the codes followed others, else only of the first one.
  public var logits: [Float]
  /// `[codes, hidden]` float32, row-major: the vocoder's input.
  public var latents: [Float]
}
