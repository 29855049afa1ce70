import SpeechCore
import XTTSModel

/// One segment of a request, from its slot to its last sample. The ``Scheduler`` moves it from phase to phase; the
/// ``EngineLoop`` fills in the results of the model.
///
/// Not named `Sequence`, because that is a protocol of Swift.
final class SpeechSequence {
  enum Phase { case prefilling, decoding, ended, cancelled }

  let key: SequenceKey
  let job: PreparedJob
  let segment: PreparedSegment
  /// The number of its admission, counted over all sequences.
  let admission: Int

  // MARK: The scheduler's part

  var phase: Phase
  /// Nil once it has ended.
  var slot: Int?
  var prefilledRows = 0
  /// The codes without the stop code.
  var codes: [Int] = []
  var hasStopCode = false
  /// Whether it was restarted after it reached its limit.
  var isRetry = false
  var nextWindow = 0
  /// Whether the next window is being decoded.
  var isVocoding = false

  // MARK: The loop's part

  /// Nil once it is prefilled.
  var prompt: PromptEmbeddings?
  /// Nil before the first step.
  var sampler: CodeSampler?
  /// `[steps, hidden]` float32: one row per decode step.
  var latents: [Float] = []
  /// `[steps, audioCodeCount]`, of the steps whose logits a trace needs.
  var logits: [Float] = []
  var trimmer: SilenceTrimmer
  /// Samples of speech sent so far, without the silence around it.
  var speechSamples = 0
  var hasSounded = false
  var times: SegmentTimes
  var warnings: [String]

  init(_ job: PreparedJob, segment index: Int, slot: Int, admission: Int) {
    key = SequenceKey(request: job.id, segment: index)
    times = SegmentTimes(segment: index + 1)
    self.job = job
    segment = job.segments[index]
    self.slot = slot
    self.admission = admission
    phase = segment.promptRows > 0 ? .prefilling : .decoding
    trimmer = SilenceTrimmer(keptSamples: job.keptSilenceSamples)
    warnings = segment.warnings
  }

  /// The number of decode steps. The step of the stop code counts, as in upstream.
  var steps: Int { hasStopCode ? codes.count + 1 : codes.count }

  /// Whether it ended at its limit and not with the stop code.
  var hitLimit: Bool { phase == .ended && !hasStopCode }

  /// The window to decode next, if its codes are complete and its audio may be sent.
  var dueWindow: WindowPolicy.Window? {
    let hasEnded = phase == .ended
    return job.windows.window(
      nextWindow, codes: hasEnded ? steps : min(steps, segment.heldCodes), ended: hasEnded)
  }

  /// The voice that speaks it.
  var voice: VoiceConditioning { job.voices[segment.voice] }

  /// Whether all its audio is decoded.
  var isComplete: Bool { phase == .ended && dueWindow == nil }
}
