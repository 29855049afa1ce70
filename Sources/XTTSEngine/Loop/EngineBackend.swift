import XTTSModel

/// The model's parts as the engine uses them: made, used and freed on its thread.
struct EngineBackend {
  var configuration: XTTSConfiguration
  var prompts: PromptBuilder
  var decoder: any GPTDecoder
  /// Where codes and samples lie at a speed.
  var timeline: (_ speed: Float) -> VocoderTimeline
  /// Decodes one window from the latents of its codes and the voice's speaker embedding.
  var vocode: (VocoderWindow, VocoderTimeline, ArraySlice<Float>, [Float]) throws(ModelError) -> [Float]
  var conditioner: VoiceConditioner

  init(
    _ model: XTTS, decoder: any GPTDecoder, timeline: @escaping (Float) -> VocoderTimeline,
    vocode: @escaping (VocoderWindow, VocoderTimeline, ArraySlice<Float>, [Float]) throws(ModelError) -> [Float]
  ) {
    configuration = model.configuration
    prompts = model.prompts
    conditioner = model.conditioner
    self.decoder = decoder
    self.timeline = timeline
    self.vocode = vocode
  }
}
