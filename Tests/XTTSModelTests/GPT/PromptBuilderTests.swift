import Foundation
import Testing

@testable import XTTSModel

@Suite struct PromptBuilderTests {
  private let model: TestModel
  private let loaded: XTTS

  init() throws {
    model = try TestModel()
    loaded = try model.load()
  }

  @Test func putsLatentsThenMarkedText() throws {
    let builder = loaded.prompts
    let size = builder.hiddenSize
    let latents = noise(builder.latentCount * size)
    let prompt = try builder.prompt(latents: latents, textTokens: [7, 9])
    #expect(prompt.rowCount == builder.latentCount + 4)
    #expect(Array(prompt.values.prefix(latents.count)) == latents)
    let embedding = try loaded.gptWeights.textEmbedding.floats()
    let positions = try loaded.gptWeights.textPositions.floats()
    let markers = try TextMarkers(path: model.directory + "/vocab.json")
    for (position, token) in [markers.start, 7, 9, markers.stop].enumerated() {
      let start = (builder.latentCount + position) * size
      let expected = (0..<size).map { embedding[token * size + $0] + positions[position * size + $0] }
      #expect(Array(prompt.values[start..<(start + size)]) == expected)
    }
  }

  @Test func refusesUnknownTokensAndUnfitLatents() throws {
    let builder = loaded.prompts
    let latents = noise(builder.latentCount * builder.hiddenSize)
    #expect(throws: ModelError.self) { try builder.prompt(latents: latents, textTokens: [1_000_000]) }
    #expect(throws: ModelError.self) { try builder.prompt(latents: latents, textTokens: [-1]) }
    #expect(throws: ModelError.self) { try builder.prompt(latents: [1, 2], textTokens: [1]) }
    let longest = Array(repeating: 1, count: builder.maximumTextTokens)
    #expect(try builder.prompt(latents: latents, textTokens: longest).rowCount == builder.maximumRowCount)
    #expect(throws: ModelError.self) { try builder.prompt(latents: latents, textTokens: longest + [1]) }
  }
}
