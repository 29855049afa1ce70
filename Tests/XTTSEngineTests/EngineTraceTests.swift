import SpeechCore
import Testing

@testable import XTTSEngine

extension EngineRuns {
  @Suite struct EngineTraceTests {
    @Test func givesEachStageOfExactlyTheCodesAskedFor() async throws {
      let engine = try await SmallModel.engine()
      let job = FixedLengthJob(engine.job("Hello there."), codes: 30)
      let trace = try await engine.trace(job)
      #expect(trace.codes.count == 30)
      #expect(trace.latents.count == 30 * trace.hiddenSize)
      #expect(trace.firstLogits.count == 66)
      #expect(!trace.textTokens.isEmpty)
      // 30 codes of 1024 samples at 22.05 kHz, in frames of the vocoder.
      #expect(abs(trace.samples.count - 30 * 1024 * 24_000 / 22_050) <= 256)
      #expect(try await engine.trace(job) == trace)
    }

    @Test func refusesMoreCodesThanThereAreSlotsFor() async throws {
      let engine = try await SmallModel.engine()
      await #expect(throws: SpeechError.self) {
        try await engine.trace(FixedLengthJob(engine.job("Hello."), codes: 10_000))
      }
    }

    @Test func benchmarkCountsEveryStream() async throws {
      let engine = try await SmallModel.engine(EngineOptions(slots: 4))
      let report = try await engine.benchmark(BenchmarkPlan(streams: [1, 5], codes: 12))
      #expect(report.runs.map(\.streams) == [1, 5])
      for run in report.runs {
        #expect(run.firstAudioSecondsMedian > 0 && run.firstAudioSecondsP95 >= run.firstAudioSecondsMedian)
        #expect(run.realTimeFactorMedian > 0 && run.audioSecondsPerSecond > 0 && run.millisecondsPerCode > 0)
      }
      #expect(report.peakRSSBytes > 0 && report.loadSeconds > 0 && report.device == "cpu")
      await #expect(throws: SpeechError.self) { try await engine.benchmark(BenchmarkPlan(streams: [0])) }
    }
  }
}
