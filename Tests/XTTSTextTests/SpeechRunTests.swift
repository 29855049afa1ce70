import SpeechCore
import Testing

@testable import XTTSText

@Suite struct SpeechRunTests {
  private func spoken(
    _ pieces: [(String, SpeechScript.Reading)], lexicon: [LexiconEntry] = [], language: Language = .english
  ) throws -> [TextSegment] {
    var options = RunOptions(language: language)
    options.lexicon = LexiconMatcher(lexicon, language: language)
    return try GoldenFiles.frontend().segments(of: SpeechRun(pieces), options)
  }

  @Test(arguments: [
    ("I use SQL and sql, not MySQL.", "i use sequel and sequel, not mysql."), ("SQLs", "sqls"), ("SQL's", "sequel's"),
    ("It costs $5 in SQL.", "it costs five dollars in sequel."),
  ])
  func wholeWordsInAnyCase(text: String, normalized: String) throws {
    let found = try spoken([(text, .written)], lexicon: [LexiconEntry(written: "SQL", spoken: "sequel")])
    #expect(found.map(\.normalized) == [normalized] && found.map(\.text) == [text])
  }

  @Test func theLongestEntryWinsAndCapitalsCountOnRequest() throws {
    let lexicon = [
      LexiconEntry(written: "New York", spoken: "Noo Yawk"), LexiconEntry(written: "New", spoken: "Nyoo"),
      LexiconEntry(written: "US", spoken: "U S", caseSensitive: true),
      LexiconEntry(written: "ing", spoken: "in", wholeWord: false),
      LexiconEntry(written: "der", spoken: "dare", language: .german),
    ]
    let found = try spoken([("New York, new US, us singing der.", .written)], lexicon: lexicon)
    #expect(found.map(\.normalized) == ["noo yawk, nyoo u s, us sinin der."])
  }

  @Test func replacedWordsStayInTheReport() throws {
    let long = String(repeating: "many words here ", count: 30)
    let found = try spoken([("Before ", .written), ("W3C", .alias(long)), (" after.", .written)])
    #expect(found.count > 1 && found.map(\.text).joined() == "Before W3C after.")
    #expect(found.allSatisfy { $0.normalized.count <= 250 })
  }

  @Test(
    arguments: [
      (SpeechScript.SayAs.characters, nil, "HTML5", "h t m l five"), (.cardinal, nil, "1,234", "one thousand"),
      (.ordinal, nil, "3rd", "third"), (.digits, nil, "042", "zero four two"),
      (.telephone, nil, "+49 30", "plus four nine"), (.telephone, nil, "no number", "no number"),
      (.date, "dmy", "3.5.2024", "may"), (.date, "mdy", "3.5.2024", "march"), (.time, nil, "2:30pm", "p m"),
      (.currency, nil, "$5", "five dollars"), (.cardinal, nil, "no number", "no number"),
    ] as [(SpeechScript.SayAs, String?, String, String)])
  func sayAs(kind: SpeechScript.SayAs, format: String?, text: String, part: String) throws {
    let found = try spoken([("It is ", .written), (text, .sayAs(kind, format: format)), (".", .written)])
    #expect(found.first?.normalized.contains(part) == true, "\(found.map(\.normalized))")
  }

  @Test func everyKindIsAnAnswerInEveryLanguage() throws {
    for language in Language.allCases {
      for kind in SpeechScript.SayAs.allCases {
        for text in ["", "1", "31.12.1999", "+-", "12:99", "99999999999999999999", "अ", "🎉", "3rd", "2024-02-30"] {
          _ = SayAsWords(language).words(kind, format: "dmy", text.unicodeScalars.map { $0 })
        }
      }
    }
  }

  @Test func aReplacementThatBeginsWithABlankKeepsItsWrittenWord() {
    var text = SpokenText()
    text.append(Scalars("12:30"))
    text.append(Scalars("word"), spoken: Scalars(" Win"))
    text.append(Scalars(" b"))
    #expect(String(text.spoken) == "12:30 Win b")
    #expect(text.writtenRange(0..<5) == 0..<5)
    #expect(text.writtenRange(6..<9) == 5..<9)
    #expect(text.writtenRange(6..<11) == 5..<11)
  }
}
