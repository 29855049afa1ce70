import SpeechCore
import XTTSModel
import XTTSText

/// Splits and tokenises the text of a request, and computes the work of each segment. It runs on the caller's task, not on
/// the engine's thread.
struct SpeechPreparation: Sendable {
  let frontend: TextFrontend
  let configuration: XTTSConfiguration
  let options: EngineOptions
  let windows: WindowPolicy
  let latentCount: Int
  let speakerSize: Int
  /// The number of positions of a slot.
  let slotCapacity: Int

  /// The languages in which the model adds a sound after a final period.
  static let languagesWithoutFinalPeriod: Set<Language> = [.english, .french]

  /// The sequences of a request.
  /// - Throws: ``SpeechError`` for a text that can't be spoken or a voice of another model.
  func job(_ job: SynthesisJob, id: Int, receivedAt: ContinuousClock.Instant, sink: JobSink) throws(SpeechError)
    -> PreparedJob
  {
    try check(job.voice)
    let dropsPeriod = job.dropsFinalPeriod ?? Self.languagesWithoutFinalPeriod.contains(job.language)
    let pieces = try frontend.segments(
      job.text, language: job.language, splitting: job.splitsText, mode: options.normalization)
    let spokenCharacters = pieces.reduce(0) { $0 + $1.normalized.unicodeScalars.count }
    guard spokenCharacters <= options.maximumSpokenText else {
      throw SpeechError(
        .textTooLong,
        "the text has \(spokenCharacters) characters once numbers and symbols are written out; "
          + "at most \(options.maximumSpokenText) are allowed", field: "text")
    }
    var segments = merged(pieces, language: job.language, dropsPeriod: dropsPeriod)
    let unreadable = UnreadableCharacters(pieces.lazy.flatMap(\.unreadable))
    if !unreadable.isEmpty, let first = segments.indices.first {
      segments[first].warnings.append("not read, because the model does not have these characters: \(unreadable)")
    }
    guard segments.count <= options.maximumSegments else {
      throw SpeechError(
        .textTooLong, "the text is \(segments.count) segments long, at most \(options.maximumSegments) are allowed",
        field: "text")
    }
    for index in segments.indices { setLimits(of: &segments[index], language: job.language) }
    return PreparedJob(
      id: id, priority: job.priority, deadline: job.deadline, windows: windows, segments: segments, voice: job.voice,
      seed: job.seed, sampling: job.sampling, speed: job.speed,
      keptSilenceSamples: job.keepsTrailingSilence ? nil : keptSilenceSamples, receivedAt: receivedAt, sink: sink)
  }

  /// One segment of an exact length, for diagnostics and benchmarks.
  func fixedLength(
    _ job: FixedLengthJob, id: Int, receivedAt: ContinuousClock.Instant, sink: JobSink,
    trace: (@Sendable (SegmentTrace) -> Void)?
  ) throws(SpeechError) -> PreparedJob {
    try check(job.voice)
    let pieces = try frontend.segments(
      job.text, language: job.language, splitting: false, mode: options.normalization)
    let segments = pieces.map { piece in
      PreparedSegment(
        text: piece.text, tokens: piece.tokens, promptRows: promptRows(piece.tokens), codeLimit: job.codes,
        heldCodes: job.codes)
    }
    let rows = segments.map(\.promptRows).max() ?? 0
    let most = min(configuration.gpt.maximumAudioCodes, slotCapacity - rows)
    guard job.codes >= 1, job.codes <= most else {
      throw SpeechError(.invalidRequest, "codes must be from 1 to \(most), not \(job.codes)", field: "codes")
    }
    return PreparedJob(
      id: id, windows: job.windows ?? windows, segments: segments, voice: job.voice, seed: job.seed,
      sampling: job.sampling, speed: job.speed,
      codePolicy: .fixedLength(.init(isGreedy: job.isGreedy, following: job.following ?? [], trace: trace)),
      receivedAt: receivedAt, sink: sink)
  }

  private func check(_ voice: VoiceConditioning) throws(SpeechError) {
    let size = latentCount * configuration.gpt.hiddenSize
    guard voice.gptLatents.count == size, voice.speakerEmbedding.count == speakerSize else {
      throw SpeechError(
        .unknownSpeaker, "the voice was made for another model: register it again", field: "speaker_id")
    }
  }

  /// The segments. The text of a silent piece is added to the report of the piece before it.
  private func merged(_ pieces: [TextSegment], language: Language, dropsPeriod: Bool) -> [PreparedSegment] {
    var segments: [PreparedSegment] = []
    for piece in pieces {
      if piece.isSilent {
        if let last = segments.indices.last { segments[last].text += " " + piece.text }
        continue
      }
      segments.append(PreparedSegment(text: piece.text, tokens: tokens(piece, language, dropsPeriod: dropsPeriod)))
    }
    return segments
  }

  private func tokens(_ piece: TextSegment, _ language: Language, dropsPeriod: Bool) -> [Int] {
    let text = piece.normalized
    // An ellipsis stays.
    guard dropsPeriod, text.hasSuffix("."), !text.hasSuffix("..") else { return piece.tokens }
    return frontend.encode(String(text.dropLast()), language: language)
  }

  private func setLimits(of segment: inout PreparedSegment, language: Language) {
    segment.promptRows = promptRows(segment.tokens)
    let most = min(
      configuration.gpt.maximumAudioCodes, options.maximumCodes ?? Int.max, slotCapacity - segment.promptRows)
    (segment.codeLimit, segment.heldCodes) = options.budget.limits(
      characters: segment.text.count, language: language, most: most)
    segment.mayRetry = options.retriesRunaways
  }

  /// The voice, the start token, the text, the stop token.
  private func promptRows(_ tokens: [Int]) -> Int { latentCount + tokens.count + 2 }

  private var keptSilenceSamples: Int? {
    options.trailingSilence.map { Int(max(0, $0.inSeconds) * Double(configuration.outputSampleRate)) }
  }
}
