import SpeechCore
import XTTSModel

/// Totals of the decode steps of an engine since its start.
struct DecodeStatistics: Sendable, Equatable {
  var seconds = 0.0
  var codes = 0
}

/// The work of the engine's thread: it takes a step from the scheduler, performs it, and reports the results to the
/// scheduler. A job that fails ends only itself.
///
/// Not `Sendable`: only the engine's thread uses it.
final class EngineLoop {
  let backend: EngineBackend
  var scheduler: Scheduler
  var jobs: [Int: ActiveJob] = [:]
  /// The voices to compute, oldest first.
  var conditionings: [ConditioningJob] = []
  private(set) var metrics: any EngineMetrics
  let clock = ContinuousClock()
  var statistics = DecodeStatistics()
  /// The inputs of a decode step, and the sequences that they belong to. Empty between steps; the memory is reused.
  var rows: [DecodeRow] = []
  var samplers: [CodeSampler] = []
  var decoding: [(key: SequenceKey, sequence: ActiveSequence)] = []

  init(backend: EngineBackend, limits: Scheduler.Limits, metrics: any EngineMetrics) {
    self.backend = backend
    self.metrics = metrics
    scheduler = Scheduler(limits: limits)
    rows.reserveCapacity(limits.slots)
    samplers.reserveCapacity(limits.slots)
    decoding.reserveCapacity(limits.slots)
  }

  /// Runs work that metrics and statistics do not count.
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

  /// Ends all jobs, because the thread ends.
  func close() {
    let stopped = SpeechError(.modelUnavailable, "the engine was stopped")
    for id in jobs.keys.sorted() { finish(id, stopped) }
    for job in conditionings { job.end(.failure(stopped)) }
    conditionings = []
  }

  // MARK: One step

  /// - Returns: false if there is no work until the next command.
  func step() -> Bool {
    deliverFinishedWindows(waits: false)
    let step = scheduler.nextStep(now: clock.now)
    // Computed here, because the end of the last window in flight can make the next one due.
    let hasWork = !step.isIdle || scheduler.windowsInFlight > 0
    for id in step.expired {
      finish(id, SpeechError(.deadlineExceeded, "the deadline passed before the speech was complete"))
    }
    for admission in step.admitted { admit(admission) }
    let othersWait = !step.prefills.isEmpty || !step.decodes.isEmpty
    begin(step.windows)
    prefill(step.prefills)
    decode(step.decodes)
    if !othersWait, step.windows.allSatisfy(\.isBeside) { deliverFinishedWindows(waits: true) }
    metrics.occupancy(slotsInUse: scheduler.slotsInUse, waitingSequences: scheduler.waitingSequences)
    return advanceConditioning() || hasWork
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

  /// The sampler of a segment. Each segment and each attempt has a separate random stream of the job's seed.
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

  /// Sends an event to the listener. A job without a listener is cancelled.
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

  /// Ends a request because the model or a kernel failed.
  func fail(_ id: Int, _ error: ModelError) {
    finish(id, SpeechError(.internal, "the model failed: \(error.message)"))
  }

  /// Ends a job in any state.
  func finish(_ id: Int, _ error: SpeechError?) {
    scheduler.cancel(id)
    guard let active = jobs.removeValue(forKey: id) else { return }
    for segment in active.sequences.indices where active.sequences[segment] != nil {
      backend.vocoder.release(SequenceKey(request: id, segment: segment))
    }
    active.job.sink.end(error)
  }
}
