import XTTSModel

/// The parts of a loaded model, behind one door per network. They are created, used and freed on the engine's thread.
struct EngineBackend {
  let configuration: XTTSConfiguration
  let prompts: PromptBuilder
  let conditioner: VoiceConditioner
  var decoder: any GPTDecoder
  var vocoder: any WindowVocoder
  /// The limits of its scheduler.
  let limits: Scheduler.Limits

  init(_ model: XTTS, decoder: any GPTDecoder, vocoder: any WindowVocoder, limits: Scheduler.Limits) {
    configuration = model.configuration
    prompts = model.prompts
    conditioner = model.conditioner
    self.decoder = decoder
    self.vocoder = vocoder
    self.limits = limits
  }
}
