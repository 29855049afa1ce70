/// How the next audio code is drawn from the logits, in the order upstream applies it:
/// repetition penalty, temperature, top-k, top-p.
public struct SamplingParameters: Sendable, Equatable {
  public var temperature: Float
  public var topK: Int
  public var topP: Float
  public var repetitionPenalty: Float

  /// The defaults are the published model's.
  public init(temperature: Float = 0.75, topK: Int = 50, topP: Float = 0.85, repetitionPenalty: Float = 5) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.repetitionPenalty = repetitionPenalty
  }
}
