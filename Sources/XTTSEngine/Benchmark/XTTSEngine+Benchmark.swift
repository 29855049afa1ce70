import SpeechCore

/// The runs of `speechbus bench`.
public struct BenchmarkPlan: Sendable {
  /// The numbers of streams, one per run.
  public var streams: [Int]
  /// The exact number of codes per stream: the stop code is disabled.
  public var codes: Int
  /// Decodes each stream's audio in one piece at its end, to measure the cost of windows.
  public var isOneShot: Bool

  /// The texts, which streams use in turn: about 90 characters each, the length that upstream was measured with.
  static let texts = [
    "The quick brown fox jumps over the lazy dog while the old clock in the hall strikes eleven.",
    "A small boat left the harbour before sunrise, and no one on the quiet quay saw it go away.",
    "She closed the heavy book, looked out at the rain, and said that it would clear by evening.",
    "Four hundred and twenty people walked up the hill to watch the last train cross the valley.",
  ]

  /// A plan with one run per number of streams.
  public init(streams: [Int], codes: Int = 100, isOneShot: Bool = false) {
    self.streams = streams
    self.codes = codes
    self.isOneShot = isOneShot
  }
}

extension XTTSEngine {
  /// Runs a plan on this engine. Send it no other requests meanwhile.
  /// - Parameter progress: called after each run with the number of finished runs and of all.
  /// - Throws: ``SpeechError``; `invalid_request` for more streams than the engine accepts.
  public func benchmark(
    _ plan: BenchmarkPlan, progress: @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) async throws(SpeechError) -> BenchmarkReport {
    let most = limiter.limit
    guard plan.streams.allSatisfy({ $0 >= 1 && $0 <= most }) else {
      throw SpeechError(.invalidRequest, "streams must be from 1 to \(most)", field: "streams")
    }
    var runs: [BenchmarkReport.Run] = []
    for count in plan.streams {
      runs.append(try await run(plan, streams: count, first: runs.count))
      progress(runs.count, plan.streams.count)
    }
    return BenchmarkReport(
      device: model.device, precision: model.precision, loadSeconds: loadTime / .seconds(1),
      peakRSSBytes: ProcessMemory.peakBytes, runs: runs)
  }

  /// - Parameter first: the index of the first stream's text and voice. It differs between runs, so that a run finds no
  ///   cached prompt of an earlier one.
  private func run(_ plan: BenchmarkPlan, streams: Int, first: Int) async throws(SpeechError) -> BenchmarkReport.Run {
    guard !builtInVoices.isEmpty else {
      throw SpeechError(.unknownSpeaker, "the checkpoint has no built-in speaker to measure with")
    }
    let before = await read { $0.statistics } ?? DecodeStatistics()
    let start = ContinuousClock.now
    let timings = try await timings(of: (first..<(first + streams)).map { job(plan, stream: $0) })
    let wallSeconds = (ContinuousClock.now - start) / .seconds(1)
    let after = await read { $0.statistics } ?? DecodeStatistics()
    return BenchmarkReport.Run(
      timings, wallSeconds: wallSeconds, decodeSeconds: after.seconds - before.seconds,
      codes: after.codes - before.codes)
  }

  private func job(_ plan: BenchmarkPlan, stream: Int) -> FixedLengthJob {
    let job = SynthesisJob(
      id: "benchmark", text: BenchmarkPlan.texts[stream % BenchmarkPlan.texts.count], language: .english,
      voice: builtInVoices[stream % builtInVoices.count].conditioning, seed: UInt64(stream), sampling: defaultSampling,
      normalization: .upstream)
    var fixed = FixedLengthJob(job, codes: plan.codes, isGreedy: false)
    if plan.isOneShot { fixed.windows = WindowPolicy(firstCodes: plan.codes + 1) }
    return fixed
  }

  private func timings(of jobs: [FixedLengthJob]) async throws(SpeechError) -> [StreamTiming] {
    do {
      return try await withThrowingTaskGroup(of: StreamTiming.self) { group in
        for job in jobs { group.addTask { try await self.time(job) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
    } catch let error as SpeechError {
      throw error
    } catch {
      throw SpeechError(.internal, "\(error)")
    }
  }

  private func time(_ job: FixedLengthJob) async throws -> StreamTiming {
    let start = ContinuousClock.now
    var timing = StreamTiming(firstAudioSeconds: 0, totalSeconds: 0, audioSeconds: 0)
    var samples = 0
    for try await case .audio(let chunk) in fixedLength(job) {
      if samples == 0 { timing.firstAudioSeconds = (ContinuousClock.now - start) / .seconds(1) }
      samples += chunk.count
    }
    timing.totalSeconds = (ContinuousClock.now - start) / .seconds(1)
    timing.audioSeconds = Double(samples) / Double(sampleRate)
    return timing
  }
}
