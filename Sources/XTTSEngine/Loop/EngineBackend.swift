import XTTSModel

/// The model's parts as the engine uses them: made, used and freed on its thread.
struct EngineBackend {
  var configuration: XTTSConfiguration
  var prompts: PromptBuilder
  var decoder: any GPTDecoder
  /// Begins a sequence's audio, from the voice's speaker embedding and the speed.
  var vocoder: (_ speakerEmbedding: [Float], _ speed: Float) throws(ModelError) -> any SequenceVocoder
  /// Decodes windows together, beside the decode steps; nil where ``vocoder`` is all there is.
  var windows: BackgroundVocoder?
  /// Decodes one window beside the decode steps; nil where there are no cores for it.
  var vocoderThread: VocoderThread?
  var conditioner: VoiceConditioner
  /// What one step takes; nil leaves it to the scheduler.
  var limits: StepLimits?

  init(
    _ model: XTTS, decoder: any GPTDecoder,
    vocoder: @escaping (_ speakerEmbedding: [Float], _ speed: Float) throws(ModelError) -> any SequenceVocoder
  ) {
    configuration = model.configuration
    prompts = model.prompts
    conditioner = model.conditioner
    self.decoder = decoder
    self.vocoder = vocoder
  }

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
