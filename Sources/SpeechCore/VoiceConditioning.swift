/// A voice as the model's input, computed once from reference audio.
public struct VoiceConditioning: Sendable, Equatable {
  /// Perceiver output, row-major `[latentCount, hidden]` float32 (32 × 1024 in the published model).
  public var gptLatents: [Float]
  /// L2-normalised speaker embedding, `[512]` float32.
  public var speakerEmbedding: [Float]

  public init(gptLatents: [Float], speakerEmbedding: [Float]) {
    self.gptLatents = gptLatents
    self.speakerEmbedding = speakerEmbedding
  }
}
