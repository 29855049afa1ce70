import Foundation
import SpeechCore
import Testing

@testable import XTTSText

/// Checks the numbers of `docs/text-parity.md` without Python: every corpus line is cleaned and tokenized exactly as
/// upstream does it, scalar for scalar.
@Suite struct GoldenTests {
  private static let environment = ProcessInfo.processInfo.environment

  @Test(arguments: Language.allCases.filter { $0 != .japanese })
  func sameTextAndTokens(_ language: Language) throws {
    let frontend = try GoldenFiles.frontend()
    let lines = try GoldenFiles.lines(language)
    #expect(lines.count >= 300)
    for line in lines {
      let normalized = try frontend.normalize(line.text, language: language, mode: .upstream)
      guard let expected = line.normalized else { continue }
      #expect(Scalars(normalized) == Scalars(expected), "\(line.text)")
      #expect(GoldenFiles.hash(frontend.encode(normalized, language: language)) == line.tokens, "\(line.text)")
    }
  }

  /// Where upstream fails, the result is still an answer, without a digit that upstream would have read.
  @Test(arguments: Language.allCases.filter { $0 != .japanese })
  func answersWhereUpstreamFails(_ language: Language) throws {
    let frontend = try GoldenFiles.frontend()
    for line in try GoldenFiles.lines(language) where line.normalized == nil {
      let normalized = try frontend.normalize(line.text, language: language, mode: .upstream)
      #expect(!normalized.isEmpty)
      let hasDigit = normalized.unicodeScalars.contains { $0.isASCIIDigit }
      #expect(!hasDigit, "\(line.text): \(normalized)")
    }
  }

  /// Japanese from recorded words of UniDic, so that no dictionary is needed.
  @Test func japaneseRomanization() throws {
    let words = try GoldenFiles.rows("morphemes.tsv").map(Morpheme.init(fixture:))
    let rows = try GoldenFiles.rows("morphemes-lines.tsv").map { $0[0].split(separator: " ").compactMap { Int($0) } }
    let lines = try GoldenFiles.lines(.japanese)
    let tokenizer = try BPETokenizer(vocabulary: Vocabulary.load(path: GoldenFiles.path("vocab.json")))
    #expect(lines.count >= 300)
    try #require(rows.count == lines.count)
    for (line, row) in zip(lines, rows) {
      let romaji = Scalars(JapaneseRomanization.romanize(row.map { words[$0] })).lowercased().stripped()
      let expected = Scalars(try #require(line.normalized))
      #expect(romaji == expected, "\(line.text)")
      let tagged = Scalars("[ja]") + romaji.replacing(" ", with: Scalars("[SPACE]"))
      #expect(GoldenFiles.hash(tokenizer.encode(tagged)) == line.tokens, "\(line.text)")
    }
  }

  /// With the dictionary itself, if UniDic is installed: at least 95 of 100 lines must match (with 2.1.2 all do).
  @Test(.enabled(if: JapaneseDictionary.find(nil)?.contains("ipadic") == false))
  func japaneseWithDictionary() throws {
    let frontend = try GoldenFiles.frontend()
    let lines = try GoldenFiles.lines(.japanese)
    let same = try lines.count {
      try frontend.normalize($0.text, language: .japanese, mode: .upstream) == $0.normalized
    }
    #expect(same * 100 >= lines.count * 95, "\(same) of \(lines.count)")
  }

  /// With the published vocabulary, which may not be committed: `XTTS_VOCABULARY=…/vocab.json`.
  @Test(.enabled(if: environment["XTTS_VOCABULARY"] != nil))
  func publishedTokens() throws {
    let frontend = try TextFrontend(vocabularyPath: Self.environment["XTTS_VOCABULARY"] ?? "")
    for language in Language.allCases {
      for line in try GoldenFiles.lines(language) {
        guard let normalized = line.normalized, let tokens = line.publishedTokens else { continue }
        #expect(GoldenFiles.hash(frontend.encode(normalized, language: language)) == tokens, "\(line.text)")
      }
    }
  }
}

extension Morpheme {
  /// A row of `morphemes.tsv`.
  init(fixture fields: [String]) {
    func field(_ index: Int) -> String? { index < fields.count && !fields[index].isEmpty ? fields[index] : nil }
    let flags = field(1) ?? ""
    self.init(
      surface: Scalars(fields[0]), hasSpaceBefore: flags.contains("s"), isUnknown: flags.contains("u"),
      script: flags.contains("A") ? .letters : flags.contains("K") ? .kana : .other, partOfSpeech: field(2) ?? "",
      subclass: field(3) ?? "", lemma: field(4), kana: field(5), pronunciation: field(6))
  }
}
