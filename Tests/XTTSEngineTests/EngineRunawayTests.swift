import SpeechCore
import Testing

@testable import XTTSEngine

extension EngineRuns {
  @Suite struct EngineRunawayTests {
    @Test func aRunawayIsTakenUpAgainAndReported() async throws {
      // So tight that hardly any segment ends in time.
      let budget = CodeBudget(codesAtCharacterLimit: 36, runawayFactor: 1.2, slackCodes: 2)
      let engine = try await SmallModel.engine(EngineOptions(budget: budget))
      let text = "A small boat left the harbour before sunrise, and nobody saw it."
      var heard: [Heard] = []
      for seed in 0..<12 { heard.append(try await engine.hear(engine.job(text, seed: UInt64(seed)))) }
      let limit = budget.limits(characters: text.count, language: .english, most: 605).limit
      #expect(heard.allSatisfy { $0.segments.allSatisfy { $0.codes <= limit } })
      #expect(heard.contains { $0.segments.contains(where: \.hitLimit) })
      for one in heard where one.segments.contains(where: \.hitLimit) {
        #expect(one.warnings.count == 2, "taken up again, then stopped")
      }
      // Listening does not matter, nor do neighbours.
      async let first = engine.hear(engine.job(text, seed: 0))
      async let second = engine.hear(engine.job(text, seed: 1))
      #expect(try await first == heard[0])
      #expect(try await second == heard[1])
    }

    @Test func withoutRetriesTheLimitIsReported() async throws {
      let engine = try await SmallModel.engine(EngineOptions(maximumCodes: 6, retriesRunaways: false))
      let heard = try await engine.hear(engine.job("A small boat left the harbour before sunrise."))
      #expect(heard.segments.map(\.hitLimit) == [true])
      #expect(heard.segments.map(\.codes) == [6])
      #expect(heard.warnings.count == 1)
    }
  }
}
