import SpeechCore
import Testing

@testable import XTTSEngine

extension EngineRuns {
  @Suite struct EngineTests {
    static let twoSentences =
      "The first sentence is said. " + String(repeating: "And then another long one, ", count: 10) + "ends it."

    @Test func saysSegmentsInOrder() async throws {
      let engine = try await SmallModel.engine()
      let heard = try await engine.hear(engine.job(Self.twoSentences))
      #expect(heard.started == 1)
      #expect(heard.times.map(\.segment) == Array(1...heard.segments.count))
      #expect(heard.times.map(\.codes) == heard.segments.map(\.codes))
      for times in heard.times {
        #expect(0 <= times.slot && times.slot <= times.prefilled && times.prefilled <= times.decoded)
        #expect(times.prefilled <= times.firstWindow && times.firstWindow <= times.complete)
        #expect(times.decoded <= times.complete)
      }
      #expect(heard.segments.count > 1)
      #expect(heard.segments.map(\.text).joined(separator: " ") == Self.twoSentences)
      #expect(heard.audio.allSatisfy { !$0.isEmpty })
      #expect(heard.samples.count > 1000)
      #expect(heard.samples.allSatisfy { $0.isFinite && abs($0) <= 1 })
    }
  }
}
