import SpeechCore
import TestSupport
import Testing

@testable import XTTSEngine

extension EngineRuns {
  /// These tests measure the whole process, so `tools/test` runs them in a separate one.
  @Suite struct EngineMemoryTests {
    /// 500 requests, 16 at a time, a third of them cancelled: each complete one has its own audio, and memory does not
    /// grow.
    @Test func manyRequestsLeaveNothingBehind() async throws {
      let engine = try await SmallModel.engine(EngineOptions(slots: 8, threads: 2))
      let jobs = EngineDeterminismTests.jobs(engine)
      var alone: [[Float]] = []
      for job in jobs { alone.append(try await engine.hear(job).samples) }
      try await run(0..<250, on: engine, jobs: jobs, alone: alone)
      let before = ProcessMemory.residentBytes
      try await run(250..<500, on: engine, jobs: jobs, alone: alone)
      let after = ProcessMemory.residentBytes
      #expect(Double(after) <= Double(before) * 1.02, "\(before) bytes became \(after)")
      #expect(await engine.slotsInUse() == 0)
      #expect(engine.limiter.live == 0)
    }

    private func run(_ range: Range<Int>, on engine: XTTSEngine, jobs: [SynthesisJob], alone: [[Float]]) async throws {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for index in range {
          if index - range.lowerBound >= 16 { try await group.next() }
          group.addTask {
            let which = index % jobs.count
            var random = SplitMix64(seed: UInt64(index))
            let eventLimit = Int.random(in: 0..<3, using: &random) == 0 ? Int.random(in: 0..<3, using: &random) : nil
            var samples: [Float] = []
            var events = 0
            for try await event in engine.synthesize(jobs[which]) {
              if case .audio(let chunk) = event { samples += chunk }
              events += 1
              if let eventLimit, events > eventLimit { return }
            }
            #expect(samples == alone[which], "request \(index)")
          }
        }
        try await group.waitForAll()
      }
    }
  }
}
