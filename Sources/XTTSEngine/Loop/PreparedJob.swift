import SpeechCore
import XTTSText

/// A request with its text split and tokenised, ready for the engine's thread.
struct PreparedJob: Sendable {
  var submission: Submission
  /// One per sequence, in the order of the text.
  var segments: [PreparedSegment]
  var voice: VoiceConditioning
  var seed: UInt64
  var sampling: SamplingParameters
  var speed: Float
  var diagnostics = Diagnostics()
  /// The samples of silence kept at a segment's end; nil keeps all.
  var keptSilenceSamples: Int?
  var receivedAt: ContinuousClock.Instant
  var sink: JobSink
}

struct PreparedSegment: Sendable, Equatable {
  /// The text as the caller wrote it.
  var text: String
  /// `[tokens]`, without the model's start and stop tokens.
  var tokens: [Int]
  /// Reported when the segment is complete.
  var warnings: [String] = []
}

/// The destination of a job's results. It is called on the engine's thread, so it must not block.
struct JobSink: Sendable {
  /// Receives an event; returns false if there is no listener any more.
  var event: @Sendable (SynthesisEvent) -> Bool
  /// The last call of a job; nil if it succeeded.
  var end: @Sendable (SpeechError?) -> Void
}
