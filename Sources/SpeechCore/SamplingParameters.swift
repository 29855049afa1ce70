/// How the next audio code is drawn from the logits, in the order upstream applies it:
/// repetition penalty, temperature, top-k, top-p.
public struct SamplingParameters: Sendable, Equatable {
  /// Divides the logits; below 1 makes likely codes likelier.
  public var temperature: Float
  /// The number of likeliest codes that are kept.
  public var topK: Int
  /// The share of probability that is kept, 0 to 1.
  public var topP: Float
  /// Reduces the logits of codes that occurred before; 1 is off.
  public var repetitionPenalty: Float

  /// The defaults are the published model's.
  public init(temperature: Float = 0.75, topK: Int = 50, topP: Float = 0.85, repetitionPenalty: Float = 5) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.repetitionPenalty = repetitionPenalty
  }
}
