import SpeechCore
import XTTSModel

/// A job on the engine's thread.
final class ActiveJob {
  let job: PreparedJob
  var output = OrderedOutput()
  /// One a segment, from its slot to its last sample.
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
  /// Until it is prefilled.
  var prompt: PromptEmbeddings?
  var sampler: CodeSampler
  let vocoder: any SequenceVocoder
  /// As drawn, without the stop code.
  var codes: [Int] = []
  /// `[steps, hidden]` float32. One row a decode step, the one that gave the stop code included, as upstream does.
  var latents: [Float] = []
  var trimmer: SilenceTrimmer
  /// `[steps, audioCodeCount]`, of the steps whose logits a trace needs.
  var logits: [Float] = []
  var warnings: [String] = []
  var hitLimit = false

  init(slot: Int, prompt: PromptEmbeddings, sampler: CodeSampler, vocoder: any SequenceVocoder, trimmer: SilenceTrimmer)
  {
    self.slot = slot
    self.prompt = prompt
    promptLength = prompt.rowCount
    self.sampler = sampler
    self.vocoder = vocoder
    self.trimmer = trimmer
  }
}
