import SpeechCore
import Testing

@testable import XTTSText

@Suite struct TextSplitterTests {
  private func split(_ text: String, _ language: Language, limit: Int) -> [String] {
    let scalars = Scalars(text)
    return TextSplitter(language: language, characterLimit: limit).split(scalars).map { String(scalars[$0]) }
  }

  private func sentences(_ text: String, _ language: Language) -> [String] {
    let scalars = Scalars(text)
    let cuts = SentenceBoundaries(language: language).positions(in: scalars, 0..<scalars.count)
    let starts = [0] + cuts
    return zip(starts, cuts + [scalars.count]).map { String(Scalars(scalars[$0..<$1]).stripped()) }
  }

  @Test(arguments: [
    (Language.english, "It rained. We stayed in. Why not?", 3),
    (.english, "Dr. Lee met J. R. Moss at 3.5 km. They talked.", 2),
    (.english, "See www.example.org/a.b?c for more! He said \"Stop!\" and left.", 2),
    (.english, "Well... perhaps. Hm... Yes.", 3),
    (.english, "one\ntwo", 2),
    (.german, "Am 3. Mai kam Dr. Vogel. Er blieb z.B. Wochen.", 2),
    (.chinese, "今天下雨。我们在家！你呢？", 3),
    (.japanese, "「行こう。」と言った。雨だ。", 3),
    (.arabic, "هل أنت بخير؟ نعم.", 2),
    (.hindi, "वह आया। वह गया।", 2),
    (.spanish, "¿Vienes? ¡Claro! Vamos.", 3),
  ])
  func sentenceBoundaries(language: Language, text: String, count: Int) {
    #expect(sentences(text, language).count == count)
  }

  @Test func textThatFitsIsOnePiece() {
    #expect(split("It rained. We stayed in.", .english, limit: 30) == ["It rained. We stayed in."])
  }

  @Test func neighboursArePackedUpToTheLimit() {
    let pieces = split("One fine morning. Two fine days. Three fine weeks.", .english, limit: 34)
    #expect(pieces == ["One fine morning. Two fine days.", "Three fine weeks."])
  }

  @Test func longSentenceBreaksAtClauseThenWord() {
    let clauses = split("When the long rain stopped, the children went out to play", .english, limit: 40)
    #expect(clauses == ["When the long rain stopped,", "the children went out to play"])
    let words = split("aaaa bbbb cccc dddd", .english, limit: 10)
    #expect(words == ["aaaa bbbb", "cccc dddd"])
  }

  @Test func unbrokenWordBreaksBetweenGraphemes() {
    let family = "👩‍👩‍👧‍👦"
    let pieces = split(String(repeating: family, count: 8), .english, limit: 16)
    #expect(pieces.allSatisfy { $0 == family + family })
    #expect(pieces.count == 4)
  }

  @Test func graphemeOverTheLimitIsStillCut() {
    let pieces = split("a" + String(repeating: "\u{301}", count: 40), .english, limit: 16)
    #expect(pieces.allSatisfy { $0.unicodeScalars.count <= 16 })
    #expect(pieces.joined().unicodeScalars.count == 41)
  }

  @Test func shortTailIsSharedOut() {
    let text = "This sentence is about as long as a piece may become here. No."
    let pieces = split(text, .english, limit: 60)
    #expect(pieces.count == 2)
    #expect(pieces.allSatisfy { $0.count > 10 && $0.count <= 60 })
    #expect(pieces.joined(separator: " ") == text)
  }
}
