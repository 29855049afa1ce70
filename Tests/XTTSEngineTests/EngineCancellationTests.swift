import SpeechCore
import Testing

@testable import XTTSEngine

extension EngineRuns {
  @Suite struct EngineCancellationTests {
    @Test func goingAwayFreesTheSlots() async throws {
      let engine = try await SmallModel.engine()
      for _ in 0..<10 {
        for try await case .audio in engine.synthesize(engine.job(EngineTests.twoSentences)) { break }
      }
      let task = Task { try await engine.hear(engine.job(EngineTests.twoSentences)) }
      task.cancel()
      _ = await task.result
      // The next job's answer comes after all those commands.
      _ = try await engine.hear(engine.job("Done."))
      #expect(await engine.slotsInUse() == 0)
      #expect(engine.limiter.live == 0)
    }
  }
}
