import Foundation
import Testing

@testable import Checkpoint
@testable import XTTSModel

/// Files of different models are refused at load, with a sentence that names both files.
@Suite struct MismatchedFilesTests {
  private static func dimensions(_ change: (inout XTTSDimensions) -> Void) -> XTTSDimensions {
    var dimensions = TestModel.dimensions
    change(&dimensions)
    return dimensions
  }

  /// A model with some files of another one.
  private func message(_ names: [String], of other: XTTSDimensions) throws -> String {
    let model = try TestModel()
    let foreign = try TestModel(RandomCheckpoint(other))
    for name in names {
      try FileManager.default.removeItem(atPath: "\(model.directory)/\(name)")
      try FileManager.default.copyItem(atPath: "\(foreign.directory)/\(name)", toPath: "\(model.directory)/\(name)")
    }
    return try message(model)
  }

  private func message(_ model: TestModel) throws -> String {
    do throws(ModelError) {
      let loaded = try model.load()
      _ = try loaded.vocoder
    } catch {
      #expect(error.code == .inconsistent)
      return error.message
    }
    Issue.record("the model loaded")
    return ""
  }

  private func expect(_ message: String, names: [String]) {
    for name in names { #expect(message.contains(name), "\(message)") }
  }

  @Test(arguments: [10, -1])
  func aVocabularyOfAnotherModel(change: Int) throws {
    let other = Self.dimensions { $0.textTokenCount += 20 + change }
    let model = try TestModel(RandomCheckpoint(Self.dimensions { $0.textTokenCount += 20 }))
    let foreign = try TestModel(RandomCheckpoint(other))
    try FileManager.default.removeItem(atPath: model.directory + "/vocab.json")
    try FileManager.default.copyItem(
      atPath: foreign.directory + "/vocab.json", toPath: model.directory + "/vocab.json")
    expect(try message(model), names: ["vocab.json", "model.pth", "\(other.textTokenCount) tokens"])
  }

  @Test func anAddedTokenBeyondTheEmbedding() throws {
    let model = try TestModel()
    let path = model.directory + "/vocab.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let added = text.replacing(#""added_tokens": ["#, with: #""added_tokens": [{"id": 99999, "content": "[vi]"},"#)
    try #require(added != text)
    try added.write(toFile: path, atomically: true, encoding: .utf8)
    expect(try message(model), names: ["vocab.json", "model.pth", "100000 tokens"])
  }

  @Test func languagesThatTheVocabularyDoesNotHave() throws {
    let model = try TestModel()
    let path = model.directory + "/config.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let list = try #require(text.firstMatch(of: /"languages"\s*:\s*\[[^\]]*\]/))
    try text.replacing(list.output, with: #""languages": ["vi", "th"]"#)
      .write(toFile: path, atomically: true, encoding: .utf8)
    expect(try message(model), names: ["config.json", "vocab.json", "vi th"])
  }

  @Test(arguments: [
    dimensions { $0.maximumTextTokens = 70 }, dimensions { $0.maximumAudioCodes = 90 },
    dimensions { $0.audioCodeCount = 140 },
    dimensions { $0.width = 32 }, dimensions { $0.layerCount = 3 }, dimensions { $0.layerCount = 1 },
  ])
  func aConfigurationOfAnotherModel(other: XTTSDimensions) throws {
    expect(try message(["config.json"], of: other), names: ["config.json", "model.pth"])
  }

  @Test func speakersOfAnotherModel() throws {
    let other = Self.dimensions { $0.width = 32 }
    expect(try message(["speakers_xtts.pth"], of: other), names: ["speakers_xtts.pth", "model.pth"])
  }

  @Test func aSpeakerSizeOfAnotherModel() throws {
    let model = try TestModel()
    let path = model.directory + "/config.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacing(#""d_vector_dim": 512"#, with: #""d_vector_dim": 256"#)
      .write(toFile: path, atomically: true, encoding: .utf8)
    expect(try message(model), names: ["config.json", "model.pth"])
  }
}
