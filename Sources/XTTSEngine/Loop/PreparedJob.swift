import SpeechCore
import XTTSText

/// A request with its text cut and tokenised, ready for the engine's thread.
struct PreparedJob: Sendable {
  var submission: Submission
  /// One a sequence, in the order of the text.
  var segments: [PreparedSegment]
  var voice: VoiceConditioning
  var seed: UInt64
  var sampling: SamplingParameters
  var speed: Float
  var diagnostics = Diagnostics()
  /// Samples of silence left at a segment's end; nil leaves all.
  var keptSilenceSamples: Int?
  var receivedAt: ContinuousClock.Instant
  var sink: JobSink
}

struct PreparedSegment: Sendable, Equatable {
  /// As it stands in the caller's text.
  var text: String
  /// `[tokens]`, without the model's start and stop tokens.
  var tokens: [Int]
  /// Reported when the segment is complete.
  var warnings: [String] = []
}

/// Where a job's results go. Called on the engine's thread, so nothing here may wait.
struct JobSink: Sendable {
  /// Takes an event; false when nobody listens any more.
  var event: @Sendable (SynthesisEvent) -> Bool
  /// The job's last call: nil when all was said.
  var end: @Sendable (SpeechError?) -> Void
}
