import SpeechCore
import XTTSModel

/// What the decode steps of an engine came to, since its start.
struct DecodeStatistics: Sendable, Equatable {
  var seconds = 0.0
  var codes = 0
}

/// What the engine's thread does: takes a step from the scheduler, performs it, and tells the scheduler what came of
/// it. A job that fails takes nothing with it but itself.
///
/// Not `Sendable`: it lives on the one thread.
final class EngineLoop {
  let backend: EngineBackend
  var scheduler: Scheduler
  var jobs: [Int: ActiveJob] = [:]
  /// Voices to compute, oldest first.
  var conditionings: [ConditioningJob] = []
  private(set) var metrics: any EngineMetrics
  let clock = ContinuousClock()
  var statistics = DecodeStatistics()
  /// The inputs of a decode step, and the sequences that they belong to. Empty between steps; the memory is reused.
  var rows: [DecodeRow] = []
  var samplers: [CodeSampler] = []
  var decoding: [(key: SequenceKey, sequence: ActiveSequence)] = []
  /// Windows on their way, oldest first.
  var pending: [PendingWindows] = []

  init(backend: EngineBackend, limits: Scheduler.Limits, metrics: any EngineMetrics) {
    self.backend = backend
    self.metrics = metrics
    scheduler = Scheduler(limits: limits)
    rows.reserveCapacity(limits.slots)
    samplers.reserveCapacity(limits.slots)
    decoding.reserveCapacity(limits.slots)
  }

  /// Does something that is no request's, uncounted.
  func unobserved(_ body: () -> Void) {
    let (observer, counted) = (metrics, statistics)
    metrics = NoEngineMetrics()
    body()
    (metrics, statistics) = (observer, counted)
  }

  // MARK: Commands

  func submit(_ job: PreparedJob) {
    let waiting = scheduler.limits.waitingRequests
    guard scheduler.submit(job.submission) else {
      return job.sink.end(
        SpeechError(.overloaded, "all slots are taken and \(waiting) requests wait already; try again later"))
    }
    jobs[job.submission.id] = ActiveJob(job)
  }

  func cancel(_ id: Int) {
    finish(id, SpeechError(.cancelled, "the request was cancelled"))
  }

  /// The thread ends: nobody is left waiting.
  func close() {
    let stopped = SpeechError(.modelUnavailable, "the engine was stopped")
    for id in jobs.keys.sorted() { finish(id, stopped) }
    for job in conditionings { job.end(.failure(stopped)) }
    conditionings = []
  }

  // MARK: One step

  /// - Returns: false when there is nothing to do until a command comes.
  func step() -> Bool {
    // Before the step is made: it must not ask for a window that is there already.
    collectWindows(waiting: false)
    let step = scheduler.nextStep(now: clock.now)
    for id in step.expired {
      finish(id, SpeechError(.deadlineExceeded, "the deadline passed before the speech was complete"))
    }
    for admission in step.admitted { admit(admission) }
    let othersWait = !step.prefills.isEmpty || !step.decodes.isEmpty
    let decodedHere = vocode(step.windows, othersWait: othersWait)
    prefill(step.prefills)
    decode(step.decodes)
    if !othersWait, !decodedHere { collectWindows(waiting: true) }
    metrics.occupancy(slotsInUse: scheduler.slotsInUse, waitingSequences: scheduler.waitingSequences)
    return advanceConditioning() || !step.isIdle || !pending.isEmpty
  }

  private func admit(_ admission: SchedulerStep.Admission) {
    let key = admission.key
    guard let active = jobs[key.request], active.job.segments.indices.contains(key.segment) else { return }
    let job = active.job
    do throws(ModelError) {
      let prompt = try backend.prompts.prompt(
        latents: job.voice.gptLatents, textTokens: job.segments[key.segment].tokens)
      let sequence = ActiveSequence(
        slot: admission.slot, prompt: prompt, sampler: sampler(job, key.segment, attempt: 0),
        vocoder: try backend.vocoder(job.voice.speakerEmbedding, job.speed),
        trimmer: SilenceTrimmer(keptSamples: job.keptSilenceSamples))
      active.sequences[key.segment] = sequence
    } catch {
      return fail(key.request, error)
    }
    guard !active.hasStarted else { return }
    active.hasStarted = true
    metrics.queueWait(seconds: (clock.now - job.receivedAt).inSeconds)
    send(.started, to: active, id: key.request)
  }

  /// Each segment, and each attempt at one, draws from its own stream of the job's seed.
  func sampler(_ job: PreparedJob, _ segment: Int, attempt: Int) -> CodeSampler {
    let gpt = backend.configuration.gpt
    return CodeSampler(
      parameters: job.sampling, seed: job.seed, sequence: UInt64(segment) * 2 + UInt64(attempt), configuration: gpt,
      isGreedy: job.diagnostics.isGreedy, suppressedCode: job.diagnostics.suppressesStop ? gpt.stopCode : nil)
  }

  func sequence(_ key: SequenceKey) -> ActiveSequence? {
    guard let active = jobs[key.request], active.sequences.indices.contains(key.segment) else { return nil }
    return active.sequences[key.segment]
  }

  // MARK: Results

  /// Hands an event out; whoever does not listen any more is cancelled.
  func send(_ event: SynthesisEvent, to active: ActiveJob, id: Int) {
    guard jobs[id] === active else { return }
    if case .audio(let samples) = event {
      if !active.hasSounded {
        active.hasSounded = true
        metrics.firstAudio(seconds: (clock.now - active.job.receivedAt).inSeconds)
      }
      metrics.audio(seconds: Double(samples.count) / Double(backend.configuration.outputSampleRate))
    }
    if !active.job.sink.event(event) { cancel(id) }
  }

  /// The model or a kernel failed: this request ends, the engine goes on.
  func fail(_ id: Int, _ error: ModelError) {
    finish(id, SpeechError(.internal, "the model failed: \(error.message)"))
  }

  /// Ends a job, wherever it stands.
  func finish(_ id: Int, _ error: SpeechError?) {
    scheduler.cancel(id)
    jobs.removeValue(forKey: id)?.job.sink.end(error)
  }
}
