import SpeechCore
import Testing

@testable import XTTSText

@Suite struct TextFrontendTests {
  @Test func shortTextIsOnePieceWithItsTag() throws {
    let frontend = try GoldenFiles.frontend()
    let segments = try frontend.segments("  Hello there. It rains. ", language: .english)
    #expect(segments.map(\.text) == ["Hello there. It rains."])
    #expect(segments[0].normalized == "hello there. it rains.")
    #expect(segments[0].tokens == frontend.encode("hello there. it rains.", language: .english))
    #expect(segments[0].tokens.first == frontend.encode("", language: .english).first)
  }

  @Test(arguments: [
    (Language.english, " Pay $5 at  12:30, Dr. Who! ", "pay $5 at 12:30, dr. who!"),
    (.german, "3,5 Mio. [en] €", "3,5 mio. en"),
    (.turkish, "IŞIK 5", "ışık 5"), (.korean, "한국 5", "hangug 5"), (.chinese, "中文5", "zhong1 wen25"),
  ])
  func noRewriting(language: Language, text: String, normalized: String) throws {
    let frontend = try GoldenFiles.readingFrontend()
    let said = try frontend.normalize(text, language: language, mode: .none)
    // The tones of Chinese syllables do not matter here.
    #expect(language == .chinese ? said.hasSuffix("5") && said.hasPrefix("zhong") : said == normalized, "\(said)")
  }

  /// A reply's normalised text can be sent again with `none`. It does not hold for `upstream`, whose text may have
  /// characters that `none` removes.
  @Test(arguments: Language.allCases, [NormalizationMode.extended, .none])
  func normalizedTextIsReadAsItIs(language: Language, mode: NormalizationMode) throws {
    let frontend = try GoldenFiles.readingFrontend()
    guard frontend.refusal(of: language) == nil else { return }
    let written = try GoldenFiles.rows("reading.tsv").filter { $0[0] == language.rawValue }.map { $0[2] }
    let texts = try GoldenFiles.lines(language).map(\.text) + written
    #expect(texts.count > 40)
    // The dictionary of Japanese divides words that it does not have once more.
    let divided: Set = ["(((", "hello мир sekai annyeong नमस्तेمرحبا"]
    for text in texts {
      let first = try frontend.reading(text, language: language, mode: mode)
      if language == .japanese, divided.contains(first.normalized) { continue }
      let second = try frontend.reading(first.normalized, language: language, mode: .none)
      // German number words have capitals, as in training: Million, Komma.
      let expected =
        language == .german ? frontend.encode(first.normalized.lowercased(), language: .german) : first.tokens
      #expect(second.tokens == expected, "\(first.normalized.debugDescription)")
    }
  }

  @Test(arguments: ["", "   ", "!!! ...", "—«»", "\u{200B}\u{202E}", "😀"])
  func nothingToSay(text: String) throws {
    let frontend = try GoldenFiles.frontend()
    let error = #expect(throws: SpeechError.self) { try frontend.segments(text, language: .english) }
    #expect(error?.code == .textEmpty)
    #expect(error?.field == "text")
  }

  @Test func tooLongWithoutSplitting() throws {
    let frontend = try GoldenFiles.frontend()
    let text = String(repeating: "z", count: 2000)
    let error = #expect(throws: SpeechError.self) {
      try frontend.segments(text, language: .english, splitting: false)
    }
    #expect(error?.code == .textTooLong)
    #expect(try frontend.segments("short", language: .english, splitting: false).count == 1)
  }

  /// Few characters can be many tokens, because numbers become long words.
  @Test func piecesKeepTheTokenLimit() throws {
    let frontend = try GoldenFiles.frontend()
    let text = String(repeating: "987654321 ", count: 60)
    let segments = try frontend.segments(text, language: .german)
    #expect(segments.allSatisfy { $0.tokens.count <= 401 })
    let joined = segments.map(\.text).joined(separator: " ") + " "
    #expect(joined == text)
  }

  @Test func punctuationTooLongForANeighbourIsSilent() throws {
    let frontend = try GoldenFiles.frontend()
    let segments = try frontend.segments(
      "Well" + String(repeating: "!", count: 700), language: .english)
    #expect(segments[0].isSilent == false)
    #expect(segments.contains { $0.isSilent })
    #expect(segments.map(\.text).joined().count == 704)
  }

  @Test func japaneseNeedsADictionary() throws {
    let vocabulary = try Vocabulary.load(path: GoldenFiles.path("vocab.json"))
    let frontend = TextFrontend(vocabulary: vocabulary, japaneseDictionary: "/nonexistent")
    #expect(!frontend.languages.contains(.japanese))
    #expect(frontend.languages.count == 16)
    let error = #expect(throws: SpeechError.self) { try frontend.segments("はい", language: .japanese) }
    #expect(error?.code == .unsupportedLanguage)
  }

  @Test func vocabularyWithoutATagRefusesTheLanguage() throws {
    let frontend = TextFrontend(vocabulary: try BPETokenizerTests.vocabulary())
    #expect(frontend.languages == [.english])
    let error = #expect(throws: SpeechError.self) { try frontend.normalize("oui", language: .french) }
    #expect(error?.code == .unsupportedLanguage)
  }

  @Test(arguments: [
    ("ὈΔΟΣ ΣΑΣ", "ὀδος σας"), ("İSTANBUL", "i\u{307}stanbul"), ("ẞ", "ß"), ("Σ", "σ"),
  ])
  func lowercasingAsPython(text: String, lower: String) {
    #expect(Scalars(text).lowercased() == Scalars(lower))
  }
}
