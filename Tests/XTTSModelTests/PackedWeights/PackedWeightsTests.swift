import Checkpoint
import Foundation
import Testing

@testable import XTTSModel

@Suite struct PackedWeightsTests {
  private let model: TestModel
  private let loaded: XTTS
  private let context: KernelContext
  private let file: PackedWeightsFile

  init() throws {
    model = try TestModel()
    loaded = try model.load()
    context = try KernelContext(threads: 1)
    file = PackedWeightsFile(path: model.directory + "/packed")
  }

  private func parts(
    _ precision: KernelPrecision, _ packed: PackedWeights? = nil
  ) throws(ModelError) -> (decoder: KernelGPT, vocoder: KernelVocoder) {
    let decoder = try KernelGPT(
      loaded.gptWeights, precision: precision, slotCount: 1, slotCapacity: loaded.longestSequence, context: context,
      packed: packed)
    let vocoder = try KernelVocoder(
      loaded.weights, configuration: loaded.configuration, context: context, packed: packed)
    return (decoder, vocoder)
  }

  /// Packs and writes the weights, and returns them.
  private func written(_ precision: KernelPrecision) throws -> (weights: PackedWeights, form: PackedWeights.Form) {
    let (decoder, vocoder) = try parts(precision)
    let weights = PackedWeights(of: decoder, vocoder)
    let form = try PackedWeights.Form(precision: precision, context: context)
    try file.write(weights, modelDigest: "ab", form: form)
    return (weights, form)
  }

  private func bytes(_ weights: PackedWeights) -> [UInt8] {
    Array(weights.decoder.contents) + Array(weights.vocoder.contents)
  }

  private func hidden(_ decoder: KernelGPT) throws -> [Float] {
    let builder = loaded.prompts
    let prompt = try builder.prompt(latents: noise(builder.latentCount * builder.hiddenSize), textTokens: [3, 4])
    try decoder.prefill(slot: 0, prompt: prompt, rows: 0..<prompt.rowCount)
    let (logits, hidden) = try decoder.step([
      DecodeRow(slot: 0, code: 7, codeIndex: 0, promptLength: prompt.rowCount)
    ])
    return hidden + logits
  }

  @Test(arguments: [KernelPrecision.float32, .int8])
  func whatWasReadComputesTheSame(precision: KernelPrecision) throws {
    let (weights, form) = try written(precision)
    let read = try file.read(modelDigest: "ab", form: form)
    let (decoder, vocoder) = try parts(precision, read)
    #expect(read.wasRead && read.isUsedUp && !weights.wasRead)
    #expect(bytes(read) == bytes(weights))
    let fresh = try parts(precision)
    #expect(try hidden(decoder) == hidden(fresh.decoder))
    let latents = noise(3 * loaded.configuration.gpt.hiddenSize)
    let speaker = noise(512, "speaker")
    let expected = try fresh.vocoder.decode(latents: latents, speakerEmbedding: speaker)
    #expect(try vocoder.decode(latents: latents, speakerEmbedding: speaker) == expected)
  }

  @Test func anotherModelOrFormIsNotUsed() throws {
    let (_, form) = try written(.int8)
    #expect(throws: CheckpointError.self) { try file.read(modelDigest: "cd", form: form) }
    let other = try PackedWeights.Form(precision: .float32, context: context)
    #expect(throws: CheckpointError.self) { try file.read(modelDigest: "ab", form: other) }
    var relaid = form
    relaid.layout ^= 1
    #expect(throws: CheckpointError.self) { try file.read(modelDigest: "ab", form: relaid) }
  }

  /// Every damage is either detected or has no effect on the weights.
  @Test func damageNeverGivesOtherWeights() throws {
    let (weights, form) = try written(.int8)
    let whole = try Data(contentsOf: URL(fileURLWithPath: file.path))
    // Positions in the header, and positions spread over the pieces.
    let places = Array(stride(from: 0, to: 700, by: 7)) + stride(from: 701, to: whole.count, by: whole.count / 60)
    for place in places {
      var damaged = whole
      damaged[place] ^= 0x10
      try damaged.write(to: URL(fileURLWithPath: file.path))
      if let read = try? file.read(modelDigest: "ab", form: form) {
        _ = try parts(.int8, read)
        #expect(bytes(read) == bytes(weights), "byte \(place)")
      }
    }
    for count in [0, 8, 100, whole.count / 2, whole.count - 1] {
      try whole.prefix(count).write(to: URL(fileURLWithPath: file.path))
      #expect(throws: CheckpointError.self) { try file.read(modelDigest: "ab", form: form) }
    }
  }

  @Test func aFolderThatCantBeWrittenIsAnError() throws {
    let (weights, form) = try written(.int8)
    let nowhere = PackedWeightsFile(path: model.directory + "/absent/packed")
    #expect(throws: CheckpointError.self) { try nowhere.write(weights, modelDigest: "ab", form: form) }
  }
}
