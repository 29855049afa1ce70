import Foundation
import Testing

@testable import Checkpoint

@Suite struct DemoVocabularyTests {
  private struct File: Decodable {
    struct Added: Decodable {
      let id: Int
      let content: String
    }
    struct Model: Decodable {
      let vocab: [String: Int]
      let merges: [String]
    }
    let added_tokens: [Added]
    let model: Model
  }

  @Test func specialTokensMergesAndLettersAreThere() throws {
    let file = try JSONDecoder().decode(File.self, from: Data(DemoVocabulary().json.utf8))
    let vocabulary = file.model.vocab
    #expect(vocabulary.count == DemoVocabulary.tokenCount)
    #expect(Set(vocabulary.values) == Set(0..<vocabulary.count))
    for token in ["[STOP]", "[UNK]", "[SPACE]", "[START]", "[en]", "[zh-cn]", "a", "z", "é", "ш", "ب", "क", "?"] {
      #expect(vocabulary[token] != nil, "\(token)")
    }
    #expect(file.added_tokens.count == 21)
    #expect(file.added_tokens.allSatisfy { vocabulary[$0.content] == $0.id })
    for merge in file.model.merges {
      let parts = merge.split(separator: " ").map(String.init)
      #expect(parts.count == 2 && parts.allSatisfy { vocabulary[$0] != nil })
      #expect(vocabulary[parts.joined()] != nil)
    }
  }

  @Test func paddingReachesTheAskedSize() throws {
    let file = try JSONDecoder().decode(File.self, from: Data(DemoVocabulary(tokenCount: 6681).json.utf8))
    #expect(file.model.vocab.count == 6681)
  }

  /// The golden tensors' text tokens come from this file.
  @Test func theFixtureIsUpToDate() throws {
    let url = try #require(Bundle.module.url(forResource: "vocab", withExtension: "json", subdirectory: "Fixtures"))
    #expect(try String(contentsOf: url, encoding: .utf8) == DemoVocabulary().json)
  }
}
