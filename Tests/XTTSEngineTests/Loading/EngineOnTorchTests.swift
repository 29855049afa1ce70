import Foundation
import SpeechCore
import Testing

@testable import Checkpoint
@testable import XTTSEngine

extension EngineRuns {
  /// The engine with the GPU's code on the CPU: static cache, codes drawn by tensor operations, prompts and windows in
  /// batches.
  @Suite struct EngineOnTorchTests {
    private static func engine(deterministic: Bool = false) async throws -> XTTSEngine {
      try await SmallModel.engine(
        EngineOptions(device: "libtorch", precision: .float32, isDeterministic: deterministic))
    }

    /// Rounding differs, so audio is compared by its distance: at least 80 dB under the signal.
    private static func decibels(_ heard: [Float], _ expected: [Float]) -> Double {
      guard heard.count == expected.count else { return -.infinity }
      var (noise, signal) = (0.0, 0.0)
      for (one, other) in zip(heard, expected) {
        noise += Double(one - other) * Double(one - other)
        signal += Double(other) * Double(other)
      }
      return 10 * log10(signal / noise)
    }

    @Test func speaksWhatTheKernelsSpeak() async throws {
      let torch = try await Self.engine()
      let kernels = try await SmallModel.engine(EngineOptions(precision: .float32))
      #expect(torch.model.precision == "float32")
      let jobs = EngineDeterminismTests.jobs(kernels)
      let together = try await withThrowingTaskGroup(of: (Int, Heard).self) { group in
        for (index, job) in jobs.enumerated() { group.addTask { (index, try await torch.hear(job)) } }
        return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
      }
      for (index, job) in jobs.enumerated() {
        let expected = try await kernels.hear(job)
        let heard = try #require(together[index])
        #expect(heard.segments == expected.segments)
        #expect(heard.audio.map(\.count).reduce(0, +) == expected.samples.count)
        #expect(Self.decibels(heard.samples, expected.samples) > 80)
      }
    }

    @Test func tracesTheSameStages() async throws {
      let torch = try await Self.engine()
      let kernels = try await SmallModel.engine(EngineOptions(precision: .float32))
      let job = FixedLengthJob(torch.job("A trace."), codes: 40)
      let (one, other) = (try await torch.trace(job), try await kernels.trace(job))
      #expect(one.codes == other.codes)
      #expect(Self.decibels(one.firstLogits, other.firstLogits) > 80)
      #expect(Self.decibels(one.samples, other.samples) > 80)
    }

    /// `--deterministic`: one shape for all steps, prompts and windows one by one.
    @Test func deterministicSpeaksTheSame() async throws {
      let torch = try await Self.engine(deterministic: true)
      let kernels = try await SmallModel.engine(EngineOptions(precision: .float32))
      let job = kernels.job(EngineDeterminismTests.texts[2], seed: 5)
      let (heard, expected) = (try await torch.hear(job), try await kernels.hear(job))
      #expect(heard.segments == expected.segments)
      #expect(Self.decibels(heard.samples, expected.samples) > 80)
    }

    /// Both engines take the same codes instead of those that they draw.
    @Test func followsCodesForComparison() async throws {
      let torch = try await Self.engine()
      let kernels = try await SmallModel.engine(EngineOptions(precision: .float32))
      let codes = (0..<20).map { ($0 * 7) % 60 }
      let job = FixedLengthJob(torch.job("Follow."), codes: 20, following: codes)
      let (one, other) = (try await torch.trace(job), try await kernels.trace(job))
      #expect(one.codes == codes)
      #expect(one.logits.count == 20 * SmallModel.dimensions.audioCodeCount)
      #expect(Self.decibels(one.logits, other.logits) > 80)
    }

    @Test func bfloat16Speaks() async throws {
      let engine = try await SmallModel.engine(EngineOptions(device: "libtorch", precision: .bfloat16))
      #expect(engine.model.precision == "bfloat16")
      #expect(try await !engine.hear(engine.job("Half as wide.")).samples.isEmpty)
    }
  }
}
