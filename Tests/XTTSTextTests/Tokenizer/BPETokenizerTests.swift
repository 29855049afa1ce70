import Foundation
import Testing

@testable import XTTSText

@Suite struct BPETokenizerTests {
  static func vocabulary(
    _ model: String = "", merges: String = #""a b", "ab c", "b c""#, added: String = ""
  ) throws -> Vocabulary {
    let json = """
      {"added_tokens": [{"id": 0, "content": "[en]"}, {"id": 1, "content": "[UNK]"}, {"id": 2, "content": "[SPACE]"}\(added)],
       "normalizer": null, "pre_tokenizer": {"type": "Whitespace"},
       "model": {"type": "BPE", "unk_token": "[UNK]"\(model), "merges": [\(merges)],
        "vocab": {"[en]": 0, "[UNK]": 1, "[SPACE]": 2, "a": 3, "b": 4, "c": 5, "ab": 6, "abc": 7, "bc": 8, "é": 9,
         "e\\u0301": 10, "e": 11, "\\u0301": 12, "!": 13}}}
      """
    return try Vocabulary(json: Array(json.utf8))
  }

  private func encode(_ text: String, _ vocabulary: Vocabulary) -> [Int] {
    BPETokenizer(vocabulary: vocabulary).encode(Scalars(text))
  }

  @Test func mergesByRankNotByPosition() throws {
    #expect(encode("abc", try Self.vocabulary()) == [7])
    #expect(encode("abc", try Self.vocabulary(merges: #""b c", "a b""#)) == [3, 8])
    #expect(encode("ababc", try Self.vocabulary()) == [6, 7])
  }

  @Test func pairsAsArraysAreReadToo() throws {
    #expect(encode("ab", try Self.vocabulary(merges: #"["a", "b"]"#)) == [6])
  }

  @Test func specialTokensAreCutOutFirst() throws {
    #expect(encode("[en]a[SPACE]b", try Self.vocabulary()) == [0, 3, 2, 4])
    #expect(encode("[en", try Self.vocabulary()) == [1, 11, 1])
  }

  @Test func longestSpecialTokenWins() throws {
    let vocabulary = try Self.vocabulary(added: #", {"id": 20, "content": "[en][en]"}"#)
    #expect(encode("[en][en][en]", vocabulary) == [20, 0])
  }

  @Test func unknownCharacters() throws {
    #expect(encode("xyab", try Self.vocabulary()) == [1, 1, 6])
    #expect(encode("xyab", try Self.vocabulary(#", "fuse_unk": true"#)) == [1, 6])
  }

  @Test func compositionIsNotNormalized() throws {
    let vocabulary = try Self.vocabulary(merges: #""e \u0301""#)
    #expect(encode("\u{E9}", vocabulary) == [9])
    #expect(encode("e\u{301}", vocabulary) == [10])
  }

  @Test func wordsAndPunctuationDoNotMerge() throws {
    #expect(encode("ab!!c", try Self.vocabulary()) == [6, 13, 13, 5])
    #expect(encode("a b", try Self.vocabulary()) == [3, 4])
  }

  @Test func unbrokenWordOfAMegabyte() throws {
    let word = String(repeating: "abc", count: 50_000)
    #expect(encode(word, try Self.vocabulary()) == Array(repeating: 7, count: 50_000))
  }

  @Test(arguments: [
    ("", "a value is missing"), ("{", "expected a member name"), (#"{"model": {}} x"#, "text after"),
    (#"{"model": {"type": "Unigram"}}"#, "model.type must be BPE"),
    (#"{"model": {"type": "BPE"}, "normalizer": {"type": "NFKC"}}"#, "normalizer must be null"),
    (#"{"model": {"type": "BPE"}, "pre_tokenizer": {"type": "Whitespace"}}"#, "model.vocab is missing"),
    (
      #"{"model": {"type": "BPE", "vocab": {"a": -1}}, "pre_tokenizer": {"type": "Whitespace"}}"#,
      "is not a token id"
    ),
    (
      #"{"model": {"vocab": {"a": 1}, "merges": ["a b"]}, "pre_tokenizer": {"type": "Whitespace"}}"#,
      "names a token that is not in model.vocab"
    ),
    (
      #"{"model": {"vocab": {"a": 1}, "merges": [], "unk_token": "u"}, "pre_tokenizer": {"type": "Whitespace"}}"#,
      "unk_token u is not in"
    ),
    (String(repeating: "[", count: 10_000), "nested deeper"),
  ])
  func malformedFilesAreNamed(json: String, problem: String) throws {
    let error = #expect(throws: TextError.self) { try Vocabulary(json: Array(json.utf8)) }
    #expect(error?.message.contains(problem) == true, "\(error?.message ?? "")")
  }

  @Test func missingFileIsAnError() {
    let error = #expect(throws: TextError.self) { try TextFrontend(vocabularyPath: "/nonexistent/vocab.json") }
    #expect(error?.code == .unreadable)
  }
}
