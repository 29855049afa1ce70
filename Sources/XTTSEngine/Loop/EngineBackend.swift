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
  /// Decodes windows together, beside the decode steps; nil where ``vocode`` is all there is.
  var windows: BackgroundVocoder?
  var conditioner: VoiceConditioner
  /// What one step takes; nil leaves it to the scheduler.
  var limits: StepLimits?

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
  /// The decoder, if it takes prompts together and draws the codes itself.
  var deviceDecoder: (any DeviceDecoder)? { decoder as? any DeviceDecoder }

  func schedulerLimits(_ options: EngineOptions, slots: Int) -> Scheduler.Limits {
    var made = Scheduler.Limits(
      slots: slots, waitingRequests: options.waitingRequests,
      prefillChunk: limits?.prefillChunk ?? options.prefillChunk)
    if let limits {
      made.prefillRowsPerStep = limits.prefillRows
      made.vocodedCodesPerStep = limits.vocodedCodes
    }
    return made
  }
}
