import Foundation
import Testing

@testable import XTTSText

/// Mutations of a vocabulary: every outcome is a frontend or a `TextError`. `make fuzz` searches for longer.
@Suite struct VocabularyFuzzTests {
  @Test func theVocabularyReaderSurvivesWhateverItIsGiven() throws {
    let good =
      Array(
        #"{"version":"1.0","added_tokens":[{"id":0,"content":"[STOP]","special":true},{"id":1,"content":"[UNK]"},"#.utf8
      )
      + Array(#"{"id":2,"content":"[SPACE]"},{"id":261,"content":"[START]"},{"id":3,"content":"[en]"}],"#.utf8)
      + Array(#""model":{"type":"BPE","unk_token":"[UNK]","vocab":{"[STOP]":0,"[UNK]":1,"[SPACE]":2,"[en]":3,"#.utf8)
      + Array(#""a":4,"b":5,"ab":6,"c":7,"[START]":261},"merges":["a b","ab c"]}}"#.utf8)
    let path = FileManager.default.temporaryDirectory.appending(path: "vocabulary-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    var state: UInt64 = 1
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(max(limit, 1)))
    }
    var corpus = [good]
    var outcomes: Set<String> = []
    for _ in 0..<300 {
      var bytes = corpus[next(corpus.count)]
      for _ in 0...next(4) where bytes.count > 8 {
        let position = next(bytes.count - 8)
        switch next(5) {
        case 0: bytes[position] = UInt8(next(256))
        case 1: bytes.removeSubrange(position..<(position + 1 + next(7)))
        case 2: bytes.insert(contentsOf: bytes[position..<(position + 8)], at: position)
        case 3: bytes.insert(contentsOf: Array("-99999999999".utf8), at: position)
        default: bytes[position] = Array(#"{}[]",:0"#.utf8)[next(8)]
        }
      }
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      let outcome: String
      do throws(TextError) {
        let frontend = try TextFrontend(vocabularyPath: path)
        outcome = "\(frontend.languages.count)"
      } catch {
        outcome = String("\(error)".map { $0.isNumber ? "0" : $0 }.prefix(80))
      }
      if outcomes.insert(outcome).inserted, corpus.count < 5000 { corpus.append(bytes) }
    }
    #expect(outcomes.count > 1)
  }
}
