import SpeechCore
import Testing

@testable import XTTSEngine

extension EngineRuns {
  /// Windows that are decoded in parallel with decode steps.
  @Suite struct EngineVocoderThreadTests {
    private static let windows = WindowPolicy(firstCodes: 2, secondCodes: 2, maximumCodes: 3)

    @Test(arguments: [2, 3])
    func oneStreamIsWhatOneThreadMakes(threads: Int) async throws {
      let alone = try await SmallModel.engine(EngineOptions(threads: 1, windows: Self.windows))
      let record = SpyingVocoder.Record()
      let engine = try await SmallModel.engine(record, EngineOptions(threads: threads, windows: Self.windows))
      for job in EngineDeterminismTests.jobs(engine) {
        #expect(try await engine.hear(job).audio == alone.hear(job).audio)
      }
      #expect(record.beside.withLock { $0 } >= 6)
    }

    @Test func oneThreadDecodesAllItself() async throws {
      let record = SpyingVocoder.Record()
      let engine = try await SmallModel.engine(record, EngineOptions(threads: 1, windows: Self.windows))
      #expect(try await engine.hear(engine.job("All by itself.")).samples.isEmpty == false)
      #expect(record.beside.withLock { $0 } == 0)
    }

    /// A request that is cancelled while its window is decoded leaves no state behind.
    @Test func goingAwayMeanwhileFreesTheThread() async throws {
      let record = SpyingVocoder.Record()
      let engine = try await SmallModel.engine(record, EngineOptions(threads: 2, windows: Self.windows))
      let job = engine.job("A longer piece of text that has nothing to do with it.")
      let alone = try await engine.hear(job)
      for length in 1...20 {
        var chunks = 0
        for try await case .audio in engine.synthesize(job) {
          chunks += 1
          if chunks >= length % 4 + 1 { break }
        }
        if length % 5 == 0 { #expect(try await engine.hear(job) == alone) }
      }
      #expect(await engine.slotsInUse() == 0)
    }

    @Test func aWindowThatFailsTakesItsRequestOnly() async throws {
      let record = SpyingVocoder.Record()
      let engine = try await SmallModel.engine(record, EngineOptions(threads: 2, windows: Self.windows))
      let job = engine.job("A longer piece of text that has nothing to do with it.")
      let alone = try await engine.hear(job)
      record.isRefusing.withLock { $0 = true }
      await #expect(throws: SpeechError.self) { try await engine.hear(job) }
      record.isRefusing.withLock { $0 = false }
      #expect(try await engine.hear(job) == alone)
    }
  }
}
