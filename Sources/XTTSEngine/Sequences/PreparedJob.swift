import SpeechCore

/// A request with its text split and tokenised, ready for the engine's thread.
///
/// A class, because the layout of a time is known only at run time: Swift 6.3's optimiser reads the fields of a class that
/// stores one too early, in code that runs before the first object exists. The scheduler's objects store a reference.
final class PreparedJob: Sendable {
  /// Unique, and ascending in order of arrival.
  let id: Int
  /// 0–9, higher first.
  let priority: Int
  let deadline: ContinuousClock.Instant?
  let windows: WindowPolicy
  /// In the order of the text.
  let segments: [PreparedSegment]
  let voice: VoiceConditioning
  let seed: UInt64
  let sampling: SamplingParameters
  let speed: Float
  let codePolicy: CodePolicy
  /// The samples of silence kept at a segment's end; nil keeps all.
  let keptSilenceSamples: Int?
  let receivedAt: ContinuousClock.Instant
  let sink: JobSink

  init(
    id: Int, priority: Int = 0, deadline: ContinuousClock.Instant? = nil, windows: WindowPolicy = WindowPolicy(),
    segments: [PreparedSegment], voice: VoiceConditioning, seed: UInt64,
    sampling: SamplingParameters = SamplingParameters(), speed: Float = 1, codePolicy: CodePolicy = .speech,
    keptSilenceSamples: Int? = nil, receivedAt: ContinuousClock.Instant, sink: JobSink
  ) {
    self.id = id
    self.priority = priority
    self.deadline = deadline
    self.windows = windows
    self.segments = segments
    self.voice = voice
    self.seed = seed
    self.sampling = sampling
    self.speed = speed
    self.codePolicy = codePolicy
    self.keptSilenceSamples = keptSilenceSamples
    self.receivedAt = receivedAt
    self.sink = sink
  }
}

/// The text of one segment, and the work that it takes.
struct PreparedSegment: Sendable, Equatable {
  /// The text as the caller wrote it.
  var text = ""
  /// The text that `tokens` encode; nil unless the job reports it.
  var normalized: String?
  /// `[tokens]`, without the model's start and stop tokens.
  var tokens: [Int] = []
  /// Reported when the segment is complete.
  var warnings: [String] = []
  /// The number of prompt rows to prefill.
  var promptRows = 0
  /// The number of codes after which the segment is stopped; at least 1.
  var codeLimit = 1
  /// The number of codes whose audio is decoded while the segment runs. The audio of later codes waits for its end.
  var heldCodes = 0
  /// Whether the segment is restarted once after its last decoded audio if it reaches its limit.
  var mayRetry = false
}

/// The destination of a job's results. It is called on the engine's thread, so it must not block.
struct JobSink: Sendable {
  /// Receives an event; returns false if there is no listener any more.
  var event: @Sendable (SynthesisEvent) -> Bool
  /// The last call of a job; nil if it succeeded.
  var end: @Sendable (SpeechError?) -> Void
}
