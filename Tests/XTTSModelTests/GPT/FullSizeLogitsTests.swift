import Foundation
import Testing

@testable import XTTSModel

/// The loss by eight bits at the published size. Needs a checkpoint in `XTTS_MODEL_DIR`; see CONTRIBUTING.md.
@Suite struct FullSizeLogitsTests {
  private static let directory = ProcessInfo.processInfo.environment["XTTS_MODEL_DIR"] ?? ""
  private static let isLong = ProcessInfo.processInfo.environment["SPEECHBUS_LONG_TESTS"] == "1"

  /// Both precisions get the same 200 codes, chosen by float32; the directions of their logits must agree.
  @Test(.enabled(if: isLong && !directory.isEmpty)) func int8LogitsPointWhereFloat32Does() throws {
    let model = try XTTS(files: ModelFiles(directory: Self.directory))
    let builder = model.prompts
    let prompt = try builder.prompt(
      latents: noise(builder.latentCount * builder.hiddenSize, "voice"), textTokens: Array(20..<60))
    let context = try KernelContext(threads: 2)
    let decoders = try [KernelPrecision.float32, .int8].map { precision in
      try KernelGPT(
        model.gptWeights, precision: precision, slotCount: 1, slotCapacity: model.longestSequence, context: context)
    }
    for decoder in decoders { try decoder.prefill(slot: 0, prompt: prompt, rows: 0..<prompt.rowCount) }
    var code = model.configuration.gpt.startCode
    var lowest = 1.0
    var used: Set<Int> = []
    for index in 0..<200 {
      let row = DecodeRow(slot: 0, code: code, codeIndex: index, promptLength: prompt.rowCount)
      let expected = try logits(decoders[0], row)
      lowest = min(lowest, cosine(expected, try logits(decoders[1], row)))
      used.insert(code)
      let unused = expected.indices.filter { !used.contains($0) }
      code = unused.max { expected[$0] < expected[$1] } ?? 0
    }
    print("the lowest cosine between int8 and float32 logits over 200 codes: \(lowest)")
    #expect(lowest >= 0.999)
  }

  private func logits(_ decoder: KernelGPT, _ row: DecodeRow) throws -> [Float] {
    try decoder.step([row]).logits
  }

  private func cosine(_ first: [Float], _ second: [Float]) -> Double {
    var (product, firstSquare, secondSquare) = (0.0, 0.0, 0.0)
    for (one, other) in zip(first, second) {
      product += Double(one) * Double(other)
      firstSquare += Double(one) * Double(one)
      secondSquare += Double(other) * Double(other)
    }
    return product / (firstSquare * secondSquare).squareRoot()
  }
}
