import Foundation
import SpeechCore

/// One synthesis as it happens: takes the engine's events in order and becomes the reply.
struct SynthesisRun {
  private let start: ContinuousClock.Instant
  private let clock = ContinuousClock()
  private var sink: AudioSink
  private var startedAt: ContinuousClock.Instant?
  private var firstAudioAt: ContinuousClock.Instant?
  private var segments: [SegmentReport] = []
  private var warnings: [String]
  private var marks: [MarkTime] = []

  /// - Parameter arrival: the arrival of the request; its queue time counts from there.
  init(arrival: ContinuousClock.Instant, sink: AudioSink, warnings: [String]) {
    start = arrival
    self.sink = sink
    self.warnings = warnings
  }

  mutating func take(_ event: SynthesisEvent) async throws {
    switch event {
    case .started: startedAt = startedAt ?? clock.now
    case .audio(let samples):
      firstAudioAt = firstAudioAt ?? clock.now
      try await sink.append(samples)
    case .segment(let report): segments.append(report)
    case .mark(let name, let samplesBefore):
      marks.append(MarkTime(name: name, time: Double(max(0, sink.sampleCount - samplesBefore)) / 24_000))
    case .warning(let message): warnings.append(message)
    }
  }

  mutating func finish(
    _ job: SynthesisJob, _ encoding: AudioEncoding, speakerID: String, model: ModelDescription
  ) async throws -> SynthesisReply {
    let (audio, sha256, notes) = try await sink.finish()
    let duration = Double(sink.sampleCount) / 24_000
    let end = clock.now
    let work = seconds(from: startedAt ?? start, to: end)
    var reply = SynthesisReply(
      requestID: job.id, format: encoding.format, sampleRate: encoding.sampleRate, audio: audio,
      durationSeconds: duration,
      speakerID: speakerID, language: job.language, seed: job.seed, sha256: sha256, segments: segments,
      timings: .init(
        queueSeconds: seconds(from: start, to: startedAt ?? start),
        firstAudioSeconds: seconds(from: start, to: firstAudioAt ?? end),
        totalSeconds: seconds(from: start, to: end),
        realTimeFactor: duration > 0 ? work / duration : 0),
      model: model, warnings: warnings + notes)
    if !marks.isEmpty { reply.marks = marks }
    return reply
  }

  private func seconds(from: ContinuousClock.Instant, to: ContinuousClock.Instant) -> Double {
    (to - from) / .seconds(1)
  }
}
