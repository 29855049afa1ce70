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
  /// The request's voice, then those that its text names.
  let voices: [VoiceConditioning]
  let seed: UInt64
  let sampling: SamplingParameters
  let codePolicy: CodePolicy
  /// The samples of silence kept at a segment's end; nil keeps all.
  let keptSilenceSamples: Int?
  let receivedAt: ContinuousClock.Instant
  let sink: JobSink

  init(
    id: Int, priority: Int = 0, deadline: ContinuousClock.Instant? = nil, windows: WindowPolicy = WindowPolicy(),
    segments: [PreparedSegment], voices: [VoiceConditioning], seed: UInt64,
    sampling: SamplingParameters = SamplingParameters(), codePolicy: CodePolicy = .speech,
    keptSilenceSamples: Int? = nil, receivedAt: ContinuousClock.Instant, sink: JobSink
  ) {
    self.id = id
    self.priority = priority
    self.deadline = deadline
    self.windows = windows
    self.segments = segments
    self.voices = voices
    self.seed = seed
    self.sampling = sampling
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
  var language = Language.english
  /// A place in ``PreparedJob/voices``.
  var voice = 0
  var speed: Float = 1
  /// Samples of silence before and after its speech.
  var silenceBefore = 0
  var silenceAfter = 0
  var marks: [Mark] = []
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

extension PreparedSegment {
  /// A name and its place in a segment.
  struct Mark: Sendable, Equatable {
    enum Place: Sendable, Equatable {
      /// Samples into the silence before the speech, or after it.
      case before(Int), after(Int)
      /// A share of the speech, 0 to 1.
      case speech(Double)
    }

    var name: String
    var place: Place

    /// Its distance from the end of a segment with so many samples of speech.
    func samplesBeforeEnd(of segment: PreparedSegment, speech: Int) -> Int {
      switch place {
      case .before(let samples): segment.silenceBefore - samples + speech + segment.silenceAfter
      case .speech(let share): Int((Double(speech) * (1 - share)).rounded()) + segment.silenceAfter
      case .after(let samples): segment.silenceAfter - samples
      }
    }
  }
}

/// The destination of a job's results. It is called on the engine's thread, so it must not block.
struct JobSink: Sendable {
  /// Receives an event; returns false if there is no listener any more.
  var event: @Sendable (SynthesisEvent) -> Bool
  /// The last call of a job; nil if it succeeded.
  var end: @Sendable (SpeechError?) -> Void
}
