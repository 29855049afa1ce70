import SpeechCore

@testable import XTTSEngine

extension PreparedJob {
  /// A job without text, voice and listener, for tests of the scheduler.
  convenience init(
    id: Int, priority: Int = 0, deadline: ContinuousClock.Instant? = nil, windows: WindowPolicy = WindowPolicy(),
    segments: [PreparedSegment]
  ) {
    self.init(
      id: id, priority: priority, deadline: deadline, windows: windows, segments: segments,
      voices: [VoiceConditioning(gptLatents: [], speakerEmbedding: [])], seed: 0, receivedAt: .now,
      sink: JobSink(event: { _ in true }, end: { _ in }))
  }
}

extension Scheduler {
  /// Reports one decode step of a sequence: some code, or the stop code.
  mutating func decoded(_ sequence: SpeechSequence, stopped: Bool) -> DecodeOutcome {
    decoded(sequence, code: stopped ? nil : 0)
  }
}
