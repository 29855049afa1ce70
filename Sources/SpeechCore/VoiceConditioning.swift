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

/// The sizes of a voice's latents.
public struct VoiceShape: Sendable, Equatable {
  /// The rows of ``VoiceConditioning/gptLatents``: 32 in the published model.
  public var latentCount: Int
  /// The values of a row: 1024 in the published model.
  public var hiddenSize: Int
  /// The values of ``VoiceConditioning/speakerEmbedding``: 512 in the published model.
  public var speakerSize: Int

  public init(latentCount: Int, hiddenSize: Int, speakerSize: Int) {
    (self.latentCount, self.hiddenSize, self.speakerSize) = (latentCount, hiddenSize, speakerSize)
  }

  /// - Throws: `invalid_request` for a voice of another size.
  public func check(_ voice: VoiceConditioning, field: String?) throws(SpeechError) {
    guard voice.gptLatents.count == latentCount * hiddenSize, voice.speakerEmbedding.count == speakerSize else {
      throw SpeechError(
        .invalidRequest,
        "the voice has \(voice.gptLatents.count) values of gpt_cond_latent and \(voice.speakerEmbedding.count) of "
          + "speaker_embedding, but the model takes \(latentCount) × \(hiddenSize) and \(speakerSize)", field: field)
    }
  }
}
