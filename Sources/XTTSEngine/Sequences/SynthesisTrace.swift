/// The results of the model for one segment, stage by stage, as `speechbus synthesize --dump` writes them.
public struct SynthesisTrace: Sendable, Equatable {
  /// The text tokens without the model's start and stop tokens.
  public var textTokens: [Int]
  /// The audio codes without the stop code.
  public var codes: [Int]
  /// `[codes, audioCodeCount]` float32, before sampling, if the codes followed others; else only the first row.
  public var logits: [Float]
  /// The size of the audio vocabulary.
  public var audioCodeCount: Int
  /// `[codes, hiddenSize]` float32, row-major: the vocoder's input.
  public var latents: [Float]
  /// The width of the GPT's hidden states.
  public var hiddenSize: Int
  /// The samples at 24 kHz, not trimmed.
  public var samples: [Float] = []

  /// `[audioCodeCount]` float32: the scores of the first code, before sampling.
  public var firstLogits: [Float] { Array(logits.prefix(audioCodeCount)) }
}
