import SpeechCore
import XTTSModel

/// XTTS-v2 for many callers at once: continuous batching over the slots of one decoder, audio as it is made.
///
/// The same job gives the same bytes, alone or among others, listened to or collected, wherever the decoder's rows do
/// not depend on each other: on the CPU always; a GPU's batched products may round differently.
///
/// Audio that nobody has taken yet is kept, never dropped, and never holds the engine up; it is bounded by
/// ``EngineOptions/maximumSegments`` of at most 28 s each.
public final class XTTSEngine: SpeechSynthesizer {
  public let model: ModelDescription
  public let languages: [Language]
  /// Of the checkpoint, with those whose dictionary is missing.
  private let modelLanguages: [Language]
  public let builtInVoices: [BuiltInVoice]
  public let defaultSampling: SamplingParameters
  /// Most sequences decoded together.
  public let slots: Int
  /// Hertz of all audio handed out.
  public let sampleRate: Int
  /// From the call of `load` to the end of the warm-up.
  public let loadTime: Duration
  /// What the operator should know of how this engine runs.
  public let warnings: [String]
  /// What was decided for the device: its name and what the model takes of its memory.
  public let notes: [String]

  /// What the kernels read; nil on libtorch.
  public let packedWeights: FormedWeights?

  let preparation: SpeechPreparation
  let thread: EngineThread
  let desk: AdmissionDesk

  init(
    loaded: LoadedEngine, identity: ModelIdentity, thread: EngineThread, preparation: SpeechPreparation,
    loadTime: Duration
  ) {
    model = ModelDescription(
      repo: identity.repo, revision: identity.revision, sha256: identity.sha256, precision: loaded.precision,
      device: loaded.device)
    packedWeights = loaded.packed
    modelLanguages = loaded.configuration.languages
    languages = modelLanguages.filter { preparation.frontend.refusal(of: $0) == nil }
    builtInVoices = loaded.builtInVoices
    defaultSampling = loaded.configuration.sampling
    slots = loaded.slots
    sampleRate = loaded.configuration.outputSampleRate
    warnings = loaded.warnings
    notes = loaded.notes
    self.loadTime = loadTime
    self.thread = thread
    self.preparation = preparation
    // The scheduler keeps the line exactly; this bounds what waits to be told to it.
    desk = AdmissionDesk(limit: preparation.options.waitingRequests + 4 * loaded.slots)
  }

  deinit { thread.close() }

  public func refusal(of language: Language) -> SpeechError? {
    guard !languages.contains(language) else { return nil }
    if modelLanguages.contains(language), let refusal = preparation.frontend.refusal(of: language) { return refusal }
    return SpeechError(unspoken: language, spoken: languages)
  }

  /// Ends the engine after the step it is in. Jobs that are not done fail as `model_unavailable`.
  public func close() {
    thread.close()
  }

  public func synthesize(_ job: SynthesisJob) -> AsyncThrowingStream<SynthesisEvent, any Error> {
    let receivedAt = ContinuousClock.now
    return stream { (id, sink) throws(SpeechError) in
      try self.preparation.job(job, id: id, receivedAt: receivedAt, sink: sink)
    }
  }

  public func conditioning(from clips: [AudioClip]) async throws -> VoiceConditioning {
    try VoiceRequirements.check(clips)
    let audio: ReferenceAudio
    do throws(ModelError) {
      audio = try ReferenceAudio(clips, configuration: preparation.configuration)
    } catch {
      throw SpeechError(.invalidAudio, error.message)
    }
    let result: Result<VoiceConditioning, SpeechError> = await withCheckedContinuation { continuation in
      let accepted = thread.post { loop in
        loop.submit(ConditioningJob(progress: VoiceConditioner.Progress(audio)) { continuation.resume(returning: $0) })
      }
      if !accepted { continuation.resume(returning: .failure(Self.closed)) }
    }
    return try result.get()
  }

  /// Hands a job to the engine's thread and gives its events. The text is read on a task of its own.
  func stream(
    prepare: @escaping @Sendable (Int, JobSink) throws(SpeechError) -> PreparedJob
  ) -> AsyncThrowingStream<SynthesisEvent, any Error> {
    let (stream, continuation) = AsyncThrowingStream<SynthesisEvent, any Error>.makeStream()
    guard let id = desk.enter() else {
      continuation.finish(throwing: SpeechError(.overloaded, "too many requests wait already; try again later"))
      return stream
    }
    let desk = desk
    let thread = thread
    let sink = JobSink(
      event: { event in
        if case .terminated = continuation.yield(event) { false } else { true }
      },
      end: { error in
        desk.leave()
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
    // Holds the engine as long as someone listens.
    continuation.onTermination = { [self] reason in
      guard case .cancelled = reason else { return }
      task.cancel()
      self.thread.post { $0.cancel(id) }
    }
    return stream
  }

  /// Slots taken just now; 0 once the engine is stopped.
  public func slotsInUse() async -> Int {
    await withCheckedContinuation { continuation in
      let accepted = thread.post { continuation.resume(returning: $0.scheduler.slotsInUse) }
      if !accepted { continuation.resume(returning: 0) }
    }
  }

  func decodeStatistics() async -> DecodeStatistics {
    await withCheckedContinuation { continuation in
      let accepted = thread.post { continuation.resume(returning: $0.statistics) }
      if !accepted { continuation.resume(returning: DecodeStatistics()) }
    }
  }

  static var closed: SpeechError { SpeechError(.modelUnavailable, "the engine is stopped") }
}
