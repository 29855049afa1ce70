import SpeechCore
import XTTSModel

/// Prepares a request: its segments and the work of each. It runs on the caller's task, not on the engine's thread.
struct SpeechPreparation: Sendable {
  let text: TextPreparation
  let loaded: LoadedEngine
  let options: EngineOptions

  private var configuration: XTTSConfiguration { loaded.configuration }

  /// The sequences of a request.
  /// - Throws: ``SpeechError`` for a text that can't be spoken or a voice of another model.
  func job(_ job: SynthesisJob, id: Int, receivedAt: ContinuousClock.Instant, sink: JobSink) throws(SpeechError)
    -> PreparedJob
  {
    try check(job.voice)
    var segments = try text.segments(
      job.text, language: job.language, mode: job.normalization, splitting: job.splitsText,
      dropsFinalPeriod: job.dropsFinalPeriod)
    for index in segments.indices {
      setLimits(of: &segments[index], language: job.language)
      if !job.reportsNormalized { segments[index].normalized = nil }
    }
    return PreparedJob(
      id: id, priority: job.priority, deadline: job.deadline, windows: loaded.windows, segments: segments,
      voice: job.voice,
      seed: job.seed, sampling: job.sampling, speed: job.speed,
      keptSilenceSamples: job.keepsTrailingSilence ? nil : keptSilenceSamples, receivedAt: receivedAt, sink: sink)
  }

  /// One segment of an exact length, for diagnostics and benchmarks.
  func fixedLength(
    _ fixed: FixedLengthJob, id: Int, receivedAt: ContinuousClock.Instant, sink: JobSink,
    trace: (@Sendable (SynthesisTrace) -> Void)?
  ) throws(SpeechError) -> PreparedJob {
    let job = fixed.job
    try check(job.voice)
    var segments = try text.segments(
      job.text, language: job.language, mode: job.normalization, splitting: false, dropsFinalPeriod: false)
    for index in segments.indices {
      segments[index].promptRows = promptRows(segments[index].tokens)
      segments[index].codeLimit = fixed.codes
      segments[index].heldCodes = fixed.codes
    }
    let rows = segments.map(\.promptRows).max() ?? 0
    let most = min(configuration.gpt.maximumAudioCodes, loaded.slotCapacity - rows)
    guard fixed.codes >= 1, fixed.codes <= most else {
      throw SpeechError(.invalidRequest, "codes must be from 1 to \(most), not \(fixed.codes)", field: "codes")
    }
    return PreparedJob(
      id: id, windows: fixed.windows ?? loaded.windows, segments: segments, voice: job.voice, seed: job.seed,
      sampling: job.sampling, speed: job.speed,
      codePolicy: .fixedLength(.init(isGreedy: fixed.isGreedy, following: fixed.following, trace: trace)),
      receivedAt: receivedAt, sink: sink)
  }

  private func check(_ voice: VoiceConditioning) throws(SpeechError) {
    let size = loaded.latentCount * configuration.gpt.hiddenSize
    guard voice.gptLatents.count == size, voice.speakerEmbedding.count == loaded.speakerSize else {
      throw SpeechError(
        .unknownSpeaker, "the voice was made for another model: register it again", field: "speaker_id")
    }
  }

  private func setLimits(of segment: inout PreparedSegment, language: Language) {
    segment.promptRows = promptRows(segment.tokens)
    let most = min(
      configuration.gpt.maximumAudioCodes, options.maximumCodes ?? Int.max, loaded.slotCapacity - segment.promptRows)
    (segment.codeLimit, segment.heldCodes) = options.budget.limits(
      characters: segment.text.count, language: language, most: most)
    segment.mayRetry = options.retriesRunaways
  }

  /// The voice, the start token, the text, the stop token.
  private func promptRows(_ tokens: [Int]) -> Int { loaded.latentCount + tokens.count + 2 }

  private var keptSilenceSamples: Int? {
    options.trailingSilence.map { Int(max(0, $0 / .seconds(1)) * Double(configuration.outputSampleRate)) }
  }
}
