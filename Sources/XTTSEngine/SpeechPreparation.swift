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
    let names = job.script.voices
    let voices = [job.voice] + names.compactMap { job.voices[$0] }
    for voice in voices { try check(voice) }
    guard voices.count == names.count + 1 else { throw SpeechError(.internal, "a voice of the text was not resolved") }
    var segments = try text.segments(job, sampleRate: configuration.outputSampleRate)
    for index in segments.indices {
      setLimits(of: &segments[index])
      if !job.reportsNormalized { segments[index].normalized = nil }
    }
    return PreparedJob(
      id: id, priority: job.priority, deadline: job.deadline, windows: loaded.windows, segments: segments,
      voices: voices, seed: job.seed, sampling: job.sampling,
      keptSilenceSamples: job.keepsTrailingSilence ? nil : keptSilenceSamples, receivedAt: receivedAt, sink: sink)
  }

  /// One segment of an exact length, for diagnostics and benchmarks.
  func fixedLength(
    _ fixed: FixedLengthJob, id: Int, receivedAt: ContinuousClock.Instant, sink: JobSink,
    trace: (@Sendable (SynthesisTrace) -> Void)?
  ) throws(SpeechError) -> PreparedJob {
    var job = fixed.job
    try check(job.voice)
    job.splitsText = false
    job.dropsFinalPeriod = false
    var segments = try text.segments(job, sampleRate: configuration.outputSampleRate)
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
      id: id, windows: fixed.windows ?? loaded.windows, segments: segments, voices: [job.voice], seed: job.seed,
      sampling: job.sampling,
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

  private func setLimits(of segment: inout PreparedSegment) {
    segment.promptRows = promptRows(segment.tokens)
    let most = min(
      configuration.gpt.maximumAudioCodes, options.maximumCodes ?? Int.max, loaded.slotCapacity - segment.promptRows)
    (segment.codeLimit, segment.heldCodes) = options.budget.limits(
      characters: segment.text.count, language: segment.language, most: most)
    segment.mayRetry = options.retriesRunaways
  }

  /// The voice, the start token, the text, the stop token.
  private func promptRows(_ tokens: [Int]) -> Int { loaded.latentCount + tokens.count + 2 }

  private var keptSilenceSamples: Int? {
    options.trailingSilence.map { Int(max(0, $0 / .seconds(1)) * Double(configuration.outputSampleRate)) }
  }
}
