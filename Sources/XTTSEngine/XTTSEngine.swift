import SpeechCore
import XTTSModel

/// XTTS-v2 for many concurrent callers: continuous batching over the slots of one decoder, with streamed audio.
///
/// On the CPU the bytes of a job depend on the job alone. On a GPU, batched products may round differently with other
/// concurrent jobs.
///
/// Audio that its caller has not read yet is kept and does not delay other jobs. It is limited by
/// ``EngineOptions/maximumSegments`` of at most 28 s each.
public final class XTTSEngine: SpeechSynthesizer {
  /// The model's identity, precision and device.
  public let model: ModelDescription
  /// The languages that can be spoken.
  public var languages: [Language] { preparation.text.languages }
  /// The time from the call of `load` to the end of the warm-up.
  public let loadTime: Duration

  let preparation: SpeechPreparation
  let thread: EngineThread
  let limiter: ConcurrencyLimiter
  private var loaded: LoadedEngine { preparation.loaded }

  init(identity: ModelIdentity, thread: EngineThread, preparation: SpeechPreparation, loadTime: Duration) {
    let loaded = preparation.loaded
    model = ModelDescription(
      repo: identity.repo, revision: identity.revision, sha256: identity.sha256, precision: loaded.precision,
      device: loaded.device)
    self.loadTime = loadTime
    self.thread = thread
    self.preparation = preparation
    // The scheduler limits the waiting requests exactly. This limits the requests that are not yet submitted to it.
    limiter = ConcurrencyLimiter(limit: preparation.options.waitingRequests + 4 * loaded.slots)
  }

  /// The speakers of the checkpoint.
  public var builtInVoices: [BuiltInVoice] { loaded.builtInVoices }
  /// The sampling parameters of the checkpoint.
  public var defaultSampling: SamplingParameters { loaded.configuration.sampling }
  /// The largest number of sequences decoded together.
  public var slots: Int { loaded.slots }
  /// The sample rate of the audio in hertz.
  public var sampleRate: Int { loaded.configuration.outputSampleRate }
  /// Warnings for the operator.
  public var warnings: [String] { loaded.warnings }
  /// The name of the device and the memory that the model uses, for the log.
  public var notes: [String] { loaded.notes }
  /// The weights of the kernels; nil on libtorch.
  public var packedWeights: FormedWeights? { loaded.packed }

  deinit { thread.close() }

  /// The error for a language that can't be spoken, or nil.
  public func refusal(of language: Language) -> SpeechError? { preparation.text.refusal(of: language) }

  /// The reasons for which languages of the model can't be spoken on this machine.
  public var languageWarnings: [String] { preparation.text.warnings }

  /// Ends the engine after its current step. Unfinished jobs fail as `model_unavailable`.
  public func close() {
    thread.close()
  }

  /// Synthesises a job; the events end with its last segment or an error.
  public func synthesize(_ job: SynthesisJob) -> AsyncThrowingStream<SynthesisEvent, any Error> {
    let receivedAt = ContinuousClock.now
    return stream { (id, sink) throws(SpeechError) in
      try self.preparation.job(job, id: id, receivedAt: receivedAt, sink: sink)
    }
  }

  /// The sizes of a voice of the model.
  public var voiceShape: VoiceShape? {
    VoiceShape(
      latentCount: loaded.latentCount, hiddenSize: loaded.configuration.gpt.hiddenSize,
      speakerSize: loaded.speakerSize)
  }

  /// Computes a voice from reference audio.
  public func conditioning(from clips: [AudioClip], settings: CloningSettings) async throws -> VoiceConditioning {
    try VoiceRequirements.check(clips)
    let configuration = loaded.configuration
    // Resampling takes up to a second.
    let audio = try await DedicatedThread.run("reference-audio") { _ throws(SpeechError) in
      do throws(ModelError) {
        return try ReferenceAudio(clips, settings: settings, configuration: configuration)
      } catch {
        throw SpeechError(.invalidAudio, error.message)
      }
    }
    let result: Result<VoiceConditioning, SpeechError> = await withCheckedContinuation { continuation in
      let accepted = thread.post { loop in
        loop.submit(ConditioningJob(progress: VoiceConditioner.Progress(audio)) { continuation.resume(returning: $0) })
      }
      if !accepted { continuation.resume(returning: .failure(Self.closed)) }
    }
    return try result.get()
  }

  /// Submits a job to the engine's thread and returns its events. The text is prepared on a separate task.
  func stream(
    prepare: @escaping @Sendable (Int, JobSink) throws(SpeechError) -> PreparedJob
  ) -> AsyncThrowingStream<SynthesisEvent, any Error> {
    let (stream, continuation) = AsyncThrowingStream<SynthesisEvent, any Error>.makeStream()
    guard let id = limiter.enter() else {
      continuation.finish(throwing: SpeechError(.overloaded, "too many requests wait already; try again later"))
      return stream
    }
    let limiter = limiter
    let thread = thread
    let sink = JobSink(
      event: { event in
        if case .terminated = continuation.yield(event) { false } else { true }
      },
      end: { error in
        limiter.leave()
        continuation.finish(throwing: error)
      })
    let task = Task(executorPreference: BackgroundExecutor.shared) {
      let prepared: PreparedJob
      do throws(SpeechError) {
        prepared = try prepare(id, sink)
      } catch {
        return sink.end(error)
      }
      guard !Task.isCancelled else { return sink.end(SpeechError(.cancelled, "the request was cancelled")) }
      if !thread.post({ $0.submit(prepared) }) { sink.end(Self.closed) }
    }
    // Keeps the engine alive while the stream has a listener.
    continuation.onTermination = { [self] reason in
      guard case .cancelled = reason else { return }
      task.cancel()
      self.thread.post { $0.cancel(id) }
    }
    return stream
  }

  /// The number of slots in use; 0 once the engine is stopped.
  public func slotsInUse() async -> Int { await read { $0.scheduler.slotsInUse } ?? 0 }

  /// Reads a value of the loop between two steps; nil once the engine is stopped.
  func read<Value: Sendable>(_ value: @escaping @Sendable (EngineLoop) -> Value) async -> Value? {
    await withCheckedContinuation { continuation in
      if !thread.post({ continuation.resume(returning: value($0)) }) { continuation.resume(returning: nil) }
    }
  }

  static var closed: SpeechError { SpeechError(.modelUnavailable, "the engine is stopped") }
}
