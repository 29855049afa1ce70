import XTTSModel

/// The parts of a loaded model, behind one door per network. They are created, used and freed on the engine's thread.
struct EngineBackend {
  let configuration: XTTSConfiguration
  let prompts: PromptBuilder
  let conditioner: VoiceConditioner
  var decoder: any GPTDecoder
  var vocoder: any WindowVocoder
  /// The work that one step takes.
  let limits: StepLimits

  init(_ model: XTTS, decoder: any GPTDecoder, vocoder: any WindowVocoder, limits: StepLimits) {
    configuration = model.configuration
    prompts = model.prompts
    conditioner = model.conditioner
    self.decoder = decoder
    self.vocoder = vocoder
    self.limits = limits
  }

  /// The limits of this backend's scheduler.
  func schedulerLimits(waitingRequests: Int) -> Scheduler.Limits {
    Scheduler.Limits(
      slots: decoder.slotCount, waitingRequests: waitingRequests, prefillChunk: limits.prefillChunk,
      prefillRowsPerStep: limits.prefillRows, vocodedCodesPerStep: limits.vocodedCodes,
      windows: vocoder.concurrency)
  }
}

/// The amount of each kind of work that a backend takes in one step.
struct StepLimits: Sendable, Equatable {
  /// The largest number of rows of a prompt's chunk.
  var prefillChunk: Int
  /// The number of rows prefilled while other sequences decode.
  var prefillRows = 64
  /// The number of codes vocoded.
  var vocodedCodes = 64
}
