import Foundation
import SpeechCore
import Tracing

/// One synthesis as it happens: takes the engine's events in order and becomes the reply.
struct SynthesisRun {
  private let context: RequestContext
  /// The start of the engine's work, from which its times count.
  private let submitted = ContinuousClock.now
  private let clock = ContinuousClock()
  private var sink: AudioSink
  private var startedAt: ContinuousClock.Instant?
  private var firstAudioAt: ContinuousClock.Instant?
  private var segments: [SegmentReport] = []
  private var warnings: [String]
  private var marks: [MarkTime] = []
  /// The time that the encoder and the receiver of its audio took.
  private var encoding = Duration.zero

  /// - Parameter context: its arrival starts the queue time; its span gets the parts of the work.
  init(_ context: RequestContext, sink: AudioSink, warnings: [String]) {
    self.context = context
    self.sink = sink
    self.warnings = warnings
  }

  /// Whether the request got its first slot.
  var hasStarted: Bool { startedAt != nil }

  mutating func take(_ event: SynthesisEvent) async throws {
    switch event {
    case .started:
      guard startedAt == nil else { return }
      startedAt = clock.now
      recordWait()
    case .audio(let samples):
      let began = clock.now
      firstAudioAt = firstAudioAt ?? began
      try await sink.append(samples)
      encoding += clock.now - began
    case .times(let times): record(times)
    case .segment(let report): segments.append(report)
    case .mark(let name, let samplesBefore):
      marks.append(MarkTime(name: name, time: Double(max(0, sink.sampleCount - samplesBefore)) / 24_000))
    case .warning(let message): warnings.append(message)
    }
  }

  mutating func finish(
    _ job: SynthesisJob, _ encoding: AudioEncoding, speakerID: String, model: ModelDescription
  ) async throws -> SynthesisReply {
    let start = context.arrival
    let began = clock.now
    let (audio, sha256, notes) = try await sink.finish()
    let duration = Double(sink.sampleCount) / 24_000
    let end = clock.now
    let work = seconds(from: startedAt ?? start, to: end)
    context.record(
      TraceConvention.encode, from: firstAudioAt ?? began, to: end,
      [
        TraceConvention.audioFormat: .string(encoding.format.rawValue), TraceConvention.audioSeconds: .double(duration),
        TraceConvention.encodeSeconds: .double((self.encoding + (end - began)) / .seconds(1)),
      ])
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

  /// Ends the span of the wait; at a failure before the first slot, too.
  func recordWait() {
    context.record(TraceConvention.wait, from: context.arrival, to: startedAt ?? clock.now)
  }

  private func record(_ times: SegmentTimes) {
    guard context.span != nil else { return }
    let segment: SpanAttributes = [TraceConvention.segment: .int64(Int64(times.segment))]
    let parts = [
      (TraceConvention.prefill, times.slot, times.prefilled), (TraceConvention.decode, times.prefilled, times.decoded),
      (TraceConvention.vocode, times.firstWindow, times.complete),
    ]
    for (name, begin, end) in parts {
      var attributes = segment
      if name == TraceConvention.decode { attributes[TraceConvention.codes] = times.codes }
      context.record(name, from: submitted + .seconds(begin), to: submitted + .seconds(end), attributes)
    }
  }

  private func seconds(from: ContinuousClock.Instant, to: ContinuousClock.Instant) -> Double {
    (to - from) / .seconds(1)
  }
}
