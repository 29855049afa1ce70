import SpeechCore
import Testing
import Torch

@testable import XTTSModel

/// Codes drawn by tensor operations equal those of ``CodeSampler``.
@Suite struct DeviceSamplingTests {
  private static let codeCount = 1026
  private let configuration: XTTSConfiguration.GPT

  init() throws { configuration = try TestModel.configuration().gpt }

  private func sampler(_ row: Int) -> CodeSampler {
    let parameters = SamplingParameters(
      temperature: [0.75, 1, 0.2, 1.9][row % 4], topK: [50, 1, 1026, 7, 300][row % 5],
      topP: [0.85, 1, 0.01, 0.5][row % 4], repetitionPenalty: [5, 1, 1.3][row % 3])
    return CodeSampler(
      parameters: parameters, seed: UInt64(row), sequence: UInt64(row % 3), configuration: configuration,
      isGreedy: row % 7 == 6, suppressedCode: row % 2 == 0 ? configuration.stopCode : nil)
  }

  private func controls(_ samplers: [CodeSampler]) throws -> Tensor {
    let controls = try StepControls(
      slotCount: samplers.count, idlePosition: 0, idleMark: Self.codeCount, device: .cpu)
    let shape = StepBuckets.Shape(slots: 0..<samplers.count, length: 1)
    let rows = samplers.enumerated().map { slot, sampler in
      (row: DecodeRow(slot: slot, code: 0, codeIndex: 0, promptLength: 0), sampler: sampler)
    }
    try controls.send(rows, shape: shape)
    return try controls.draws(shape)
  }

  private func used(_ samplers: [CodeSampler]) throws -> Tensor {
    var marks = [Float](repeating: 0, count: samplers.count * Self.codeCount)
    for (row, sampler) in samplers.enumerated() {
      for code in sampler.usedCodes { marks[row * Self.codeCount + code] = 1 }
    }
    return try Tensor.from(marks, shape: [samplers.count, Self.codeCount]).converted(to: .bool)
  }

  @Test func drawsTheSamplersCodes() throws {
    var samplers = (0..<60).map(sampler)
    for step in 0..<8 {
      // Logits of different magnitudes, many of them equal: every fifth row is coarse.
      let logits = (0..<samplers.count).flatMap { row in
        noise(Self.codeCount, "\(step) \(row)").map { row % 5 == 4 ? ($0 * 4).rounded() : $0 * 12 }
      }
      let drawn = try Tensor.from(logits, shape: [samplers.count, Self.codeCount])
        .drawnCodes(used: try used(samplers), controls: try controls(samplers)).floats()
      for row in samplers.indices {
        let own = Array(logits[(row * Self.codeCount)..<((row + 1) * Self.codeCount)])
        let code = try own.withUnsafeBufferPointer { try samplers[row].next(logits: $0) }
        #expect(drawn[row] == Float(code), "step \(step), row \(row)")
      }
    }
  }

  @Test func refusesWhatIsNoNumber() throws {
    let samplers = (0..<3).map(sampler)
    var logits = noise(3 * Self.codeCount)
    logits[5] = .nan
    logits[2 * Self.codeCount] = .infinity
    let drawn = try Tensor.from(logits, shape: [3, Self.codeCount])
      .drawnCodes(used: try used(samplers), controls: try controls(samplers)).floats()
    #expect(drawn[0] == -1)
    #expect(drawn[1] >= 0)
    #expect(drawn[2] == -1)
  }
}
