import SpeechCore
import XTTSModel

/// A job on the engine's thread.
final class ActiveJob {
  let job: PreparedJob
  var output = OrderedOutput()
  /// One per segment, from its slot to its last sample.
  var sequences: [ActiveSequence?]
  var hasStarted = false
  var hasSounded = false

  init(_ job: PreparedJob) {
    self.job = job
    sequences = Array(repeating: nil, count: job.segments.count)
  }
}

/// A segment that has, or had, a slot.
final class ActiveSequence {
  let slot: Int
  let promptLength: Int
  /// Nil once it is prefilled.
  var prompt: PromptEmbeddings?
  var sampler: CodeSampler
  /// The codes without the stop code.
  var codes: [Int] = []
  /// `[steps, hidden]` float32, one row per decode step. The step that gave the stop code is included, as in upstream.
  var latents: [Float] = []
  var trimmer: SilenceTrimmer
  /// `[steps, audioCodeCount]`, of the steps whose logits a trace needs.
  var logits: [Float] = []
  var warnings: [String] = []
  var hitLimit = false

  init(slot: Int, prompt: PromptEmbeddings, sampler: CodeSampler, trimmer: SilenceTrimmer) {
    self.slot = slot
    self.prompt = prompt
    promptLength = prompt.rowCount
    self.sampler = sampler
    self.trimmer = trimmer
  }
}
