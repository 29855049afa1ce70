import Foundation
import SpeechCore
import Synchronization
import TestSupport
import Testing
import XTTSModel

@testable import XTTSEngine

extension EngineRuns {
  /// The promise that a job's bytes depend on the job alone.
  @Suite struct EngineDeterminismTests {
    static let texts = [
      "Yes.", "The same words, said again.", "One. Two. Three.", "A small boat left the harbour before sunrise.",
      "Nobody on the quiet quay saw it go away, and nobody asked.", "What is left is silence!",
    ]

    /// A debug build takes seconds a schedule; the long run is for releases.
    static let isLong = ProcessInfo.processInfo.environment["SPEECHBUS_LONG_TESTS"] == "1"
    static let scheduleCount = isLong ? 200 : 12
    static let fullSizeDirectory = ProcessInfo.processInfo.environment["XTTS_MODEL_DIR"] ?? ""

    static func jobs(_ engine: XTTSEngine) -> [SynthesisJob] {
      texts.enumerated().map { index, text in
        engine.job(text, seed: UInt64(index), voice: index, speed: index == 4 ? 1.3 : 1)
      }
    }

    @Test(arguments: [EngineOptions.Precision.float32, .int8])
    func neighboursChangeNothing(precision: EngineOptions.Precision) async throws {
      // Short windows, so that many are decoded in parallel with the steps if there are threads for it.
      let windows = WindowPolicy(firstCodes: 3, secondCodes: 3, maximumCodes: 6)
      let engine = try await SmallModel.engine(EngineOptions(precision: precision, windows: windows))
      let threaded = try await SmallModel.engine(EngineOptions(precision: precision, threads: 3, windows: windows))
      #expect(engine.model.precision == precision.rawValue)
      let jobs = Self.jobs(engine)
      var alone: [SHA256.Digest] = []
      for job in jobs { alone.append(Self.digest(try await engine.hear(job).samples)) }
      #expect(Set(alone).count == jobs.count)
      for schedule in 0..<Self.scheduleCount {
        try await play(schedule, on: engine, jobs: jobs, alone: alone)
        try await play(schedule, on: threaded, jobs: jobs, alone: alone)
      }
    }

    /// The same at the published size, of a checkpoint in `XTTS_MODEL_DIR`: five schedules, segments of a few words.
    @Test(.enabled(if: isLong && !fullSizeDirectory.isEmpty), arguments: [EngineOptions.Precision.float32, .int8])
    func neighboursChangeNothingAtFullSize(precision: EngineOptions.Precision) async throws {
      let options = EngineOptions(device: "cpu", precision: precision, maximumCodes: 12)
      let engine = try await XTTSEngine.load(
        ModelFiles(directory: Self.fullSizeDirectory), identify: { SmallModel.identity }, options: options)
      let jobs = Self.jobs(engine)
      var alone: [SHA256.Digest] = []
      for job in jobs { alone.append(Self.digest(try await engine.hear(job).samples)) }
      #expect(Set(alone).count == jobs.count)
      for schedule in 0..<5 { try await play(schedule, on: engine, jobs: jobs, alone: alone) }
      engine.close()
    }

    /// A digest of the bytes, because equal numbers can have different bytes.
    private static func digest(_ samples: [Float]) -> SHA256.Digest {
      samples.withUnsafeBytes { SHA256.hash(data: $0) }
    }

    /// Eight jobs at once, coming at random moments, some listened to slowly, some given up.
    private func play(_ seed: Int, on engine: XTTSEngine, jobs: [SynthesisJob], alone: [SHA256.Digest]) async throws {
      var random = SplitMix64(seed: UInt64(seed))
      let visits = (0..<8).map { _ in
        Visit(
          job: Int.random(in: 0..<jobs.count, using: &random), delay: Int.random(in: 0..<40, using: &random),
          pause: Int.random(in: 0..<3, using: &random) == 0,
          chunkLimit: Int.random(in: 0..<6, using: &random) == 0 ? 1 : nil)
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for visit in visits {
          group.addTask {
            for _ in 0..<visit.delay { await Task.yield() }
            var job = jobs[visit.job]
            job.priority = visit.delay % 10
            let samples = try await Self.listen(engine.synthesize(job), visit)
            guard visit.chunkLimit == nil else { return }
            #expect(Self.digest(samples) == alone[visit.job], "schedule \(seed), job \(visit.job)")
          }
        }
        try await group.waitForAll()
      }
    }

    private struct Visit: Sendable {
      var job: Int
      var delay: Int
      var pause: Bool
      /// Chunks of audio after which it goes away.
      var chunkLimit: Int?
    }

    private static func listen(
      _ events: AsyncThrowingStream<SynthesisEvent, any Error>, _ visit: Visit
    ) async throws -> [Float] {
      var samples: [Float] = []
      var chunks = 0
      for try await case .audio(let chunk) in events {
        samples += chunk
        chunks += 1
        if let chunkLimit = visit.chunkLimit, chunks >= chunkLimit { break }
        if visit.pause { for _ in 0..<50 { await Task.yield() } }
      }
      return samples
    }
  }
}
