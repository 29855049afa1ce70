import SpeechCore

/// A request with its text split and tokenised, ready for the engine's thread.
struct PreparedJob: Sendable {
  /// Unique, and ascending in order of arrival.
  var id: Int
  /// 0–9, higher first.
  var priority = 0
  var deadline: ContinuousClock.Instant?
  var windows = WindowPolicy()
  /// In the order of the text.
  var segments: [PreparedSegment]
  var voice: VoiceConditioning
  var seed: UInt64
  var sampling = SamplingParameters()
  var speed: Float = 1
  var codePolicy = CodePolicy.speech
  /// The samples of silence kept at a segment's end; nil keeps all.
  var keptSilenceSamples: Int?
  var receivedAt: ContinuousClock.Instant
  var sink: JobSink
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
