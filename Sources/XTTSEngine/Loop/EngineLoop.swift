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
  /// The voices to compute, oldest first.
  var conditionings: [ConditioningJob] = []
  var conditioningShare = ConditioningShare()
  private(set) var metrics: (any EngineMetrics)?
  let clock = ContinuousClock()
  var statistics = DecodeStatistics()
  /// The inputs of a decode step, and the sequences that they belong to. Empty between steps; the memory is reused.
  var rows: [DecodeRow] = []
  var samplers: [CodeSampler] = []
  var decoding: [SpeechSequence] = []

  init(backend: EngineBackend, metrics: (any EngineMetrics)?) {
    self.backend = backend
    self.metrics = metrics
    scheduler = Scheduler(limits: backend.limits)
    rows.reserveCapacity(backend.limits.slots)
    samplers.reserveCapacity(backend.limits.slots)
    decoding.reserveCapacity(backend.limits.slots)
  }

  /// Runs work that metrics and statistics do not count.
  func unobserved(_ body: () -> Void) {
    let (observer, counted) = (metrics, statistics)
    metrics = nil
    body()
    (metrics, statistics) = (observer, counted)
  }

  // MARK: Commands

  func submit(_ job: PreparedJob) {
    if scheduler.submit(job) { return }
    let waiting = scheduler.limits.waitingRequests
    job.sink.end(
      SpeechError(.overloaded, "all slots are taken and \(waiting) requests wait already; try again later"))
  }

  func cancel(_ id: Int) {
    guard let request = scheduler.request(id) else { return }
    finish(request, SpeechError(.cancelled, "the request was cancelled"))
  }

  /// Ends all jobs, because the thread ends.
  func close() {
    let stopped = SpeechError(.modelUnavailable, "the engine was stopped")
    for request in scheduler.requests { finish(request, stopped) }
    for job in conditionings { job.end(.failure(stopped)) }
    conditionings = []
  }

  // MARK: One step

  /// - Returns: false if there is no work until the next command.
  func step() -> Bool {
    let began = clock.now
    deliverFinishedWindows(waits: false)
    let step = scheduler.nextStep(now: began)
    // Computed here, because the end of the last window in flight can make the next one due.
    let hasWork = !step.isIdle || scheduler.windowsInFlight > 0
    for request in step.expired {
      finish(request, SpeechError(.deadlineExceeded, "the deadline passed before the speech was complete"))
    }
    for sequence in step.admitted { start(sequence) }
    begin(step.windows)
    prefill(step.prefills)
    decode(step.decodes)
    if !step.usesDecoder, step.windows.allSatisfy(\.isBeside) { deliverFinishedWindows(waits: true) }
    metrics?.occupancy(slotsInUse: scheduler.slotsInUse, waitingSequences: scheduler.waitingSequences)
    conditioningShare.decoded(for: clock.now - began)
    return advanceConditioning(isIdle: step.isIdle) || hasWork
  }

  /// Prepares a sequence that has got its slot.
  private func start(_ sequence: SpeechSequence) {
    let job = sequence.job
    sequence.times.slot = seconds(since: job)
    sequence.times.prefilled = sequence.times.slot
    do throws(ModelError) {
      sequence.prompt = try backend.prompts.prompt(
        latents: sequence.voice.gptLatents, textTokens: sequence.segment.tokens)
      sequence.sampler = sampler(of: sequence)
    } catch {
      return fail(sequence, error)
    }
    guard sequence.key.segment == 0, let request = scheduler.request(job.id) else { return }
    metrics?.queueWait(seconds: sequence.times.slot)
    send(.started, to: request)
  }

  func seconds(since job: PreparedJob) -> Double { (clock.now - job.receivedAt) / .seconds(1) }

  /// The sampler of a sequence. Each segment and each attempt has a separate random stream of the job's seed.
  func sampler(of sequence: SpeechSequence) -> CodeSampler {
    let (job, gpt) = (sequence.job, backend.configuration.gpt)
    let measurement = job.codePolicy.measurement
    return CodeSampler(
      parameters: job.sampling, seed: job.seed,
      sequence: UInt64(sequence.key.segment) * 2 + (sequence.isRetry ? 1 : 0), configuration: gpt,
      isGreedy: measurement?.isGreedy ?? false, suppressedCode: measurement == nil ? nil : gpt.stopCode)
  }

  // MARK: Results

  /// Sends an event to the listener. A request without a listener is cancelled.
  func send(_ event: SynthesisEvent, to request: EngineRequest) {
    guard !request.hasEnded else { return }
    if case .audio(let samples) = event {
      if !request.hasSounded {
        request.hasSounded = true
        metrics?.firstAudio(seconds: seconds(since: request.job))
      }
      metrics?.audio(seconds: Double(samples.count) / Double(backend.configuration.outputSampleRate))
    }
    if !request.job.sink.event(event) { finish(request, SpeechError(.cancelled, "the request was cancelled")) }
  }

  /// Ends the request of a sequence because the model or a kernel failed.
  func fail(_ sequence: SpeechSequence, _ error: ModelError) {
    guard let request = scheduler.request(sequence.key.request) else { return }
    finish(request, SpeechError(.internal, "the model failed: \(error.message)"))
  }

  /// Ends a request in any state, once.
  func finish(_ request: EngineRequest, _ error: SpeechError?) {
    guard !request.hasEnded else { return }
    request.hasEnded = true
    scheduler.cancel(request.job.id)
    for sequence in request.sequences { backend.vocoder.release(sequence.key) }
    request.job.sink.end(error)
  }
}
