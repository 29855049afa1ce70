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
  /// The likeliest code each time, nothing drawn.
  var isGreedy = false
  /// The stop code is never drawn, so that each segment has exactly as many codes as its limit.
  var suppressesStop = false
  /// Codes to take whatever is drawn.
  var following: [Int]?
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
  /// Takes what the model made of each segment, for diagnostics.
  var trace: (@Sendable (SegmentTrace) -> Void)?
}

/// What the model made of a segment, stage by stage.
public struct SegmentTrace: Sendable, Equatable {
  /// Without the model's start and stop tokens.
  public var textTokens: [Int]
  public var codes: [Int]
  /// `[audioCodeCount]` float32: the scores of the first code, before sampling.
  public var firstLogits: [Float]
  /// The same of every code, where the codes followed others; else of the first.
  public var logits: [Float]
  /// `[codes, hidden]` float32, row-major: what the vocoder speaks.
  public var latents: [Float]
}
