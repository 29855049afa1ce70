import Foundation
import SpeechCore
import Testing

@testable import SpeechService

@Suite struct SpeechPlannerTests {
  private struct Lexicons: LexiconStore {
    var stored: [Lexicon]

    func lexicon(id: String) async throws(SpeechError) -> Lexicon? { stored.first { $0.id == id } }
    func lexicons() async throws(SpeechError) -> [Lexicon] { stored }
    func put(
      _ lexicon: Lexicon, ending: @escaping @Sendable (Lexicon) throws(SpeechError) -> JournalEntry
    ) async throws(SpeechError) -> (lexicon: Lexicon, isNew: Bool) { (lexicon, true) }
    func remove(id: String, entry: JournalEntry?) async throws(SpeechError) -> Bool { false }
  }

  private static let lexicons = Lexicons(stored: [
    Lexicon(id: "names", version: 3, language: .english, entries: [LexiconEntry(written: "Ng", spoken: "Ing")]),
    Lexicon(id: "own", scope: "ada", entries: [LexiconEntry(written: "x", spoken: "ex")]),
  ])

  private func plan(
    _ body: String, languages: [Language] = [.english, .german, .russian, .japanese, .chinese],
    change: (inout SpeechPlanner.Defaults) -> Void = { _ in }
  ) async throws(SpeechError) -> SpeechPlanner.Plan {
    var defaults = SpeechPlanner.Defaults()
    change(&defaults)
    let planner = SpeechPlanner(.init(maximumText: 100), defaults, lexicons: Self.lexicons)
    return try await planner.plan(try SynthesisRequest.decode(Data(body.utf8)), languages: languages) {
      languages.contains($0) ? nil : SpeechError(unspoken: $0, spoken: languages)
    }
  }

  @Test(arguments: [
    ("Wo ist der Bahnhof, und wie komme ich dorthin?", "de"), ("Где находится вокзал?", "ru"), ("駅はどこですか。", "ja"),
    ("火车站在哪里？", "zh-cn"), ("Where is the station, and how do I get there?", "en"), ("Straße", "de"),
  ])
  func autoFindsTheLanguage(text: String, language: String) async throws {
    let plan = try await plan(#"{"text":"\#(text)","language":"auto"}"#)
    #expect(plan.language.rawValue == language && plan.warnings == [])
  }

  @Test(arguments: ["12345", "Ok", "xyzzy", "Ελληνικά"])
  func autoTakesTheDefaultWithAWarning(text: String) async throws {
    let plan = try await plan(#"{"text":"\#(text)","language":"AUTO"}"#) { $0.language = .german }
    #expect(plan.language == .german && plan.warnings.count == 1 && plan.warnings[0].contains("auto"))
  }

  @Test func lexiconsAreNamedWithTheirVersions() async throws {
    let named = try await plan(#"{"text":"a","lexicon":["names","own"],"user_id":"ada"}"#)
    #expect(named.lexiconVersion == "names@3,own@1")
    #expect(named.lexicon.map(\.written) == ["Ng", "x"] && named.lexicon[0].language == .english)
    let own = try await plan(#"{"text":"a","lexicon":{"b":"c"}}"#)
    #expect(own.lexiconVersion?.hasPrefix("request@") == true && own.lexicon.map(\.spoken) == ["c"])
    #expect(try await plan(#"{"text":"a"}"#).lexiconVersion == nil)
    #expect(try await plan(#"{"text":"a"}"#) { $0.lexicon = "names" }.lexiconVersion == "names@3")
  }

  @Test(arguments: [#""none""#, #""own""#, #"["names","own"]"#])
  func otherLexiconsAreUnknown(lexicon: String) async {
    let error = await #expect(throws: SpeechError.self) { try await plan(#"{"text":"a","lexicon":\#(lexicon)}"#) }
    #expect(error?.code == .unknownLexicon && error?.field == "lexicon")
  }

  @Test(arguments: [
    (#""pause_sentence_seconds":11"#, "pause_sentence_seconds", "10"),
    (#""pause_paragraph_seconds":-1"#, "pause_paragraph_seconds", "10"),
    (#""drop_final_period":"maybe""#, "drop_final_period", "always"), (#""input_type":"html""#, "input_type", "ssml"),
    (#""lexicon":7"#, "lexicon", "id"), (#""lexicon":{"a":""}"#, "lexicon", "200"),
    (#""lexicon":["1","2","3","4","5","6","7","8","9"]"#, "lexicon", "8"),
  ])
  func badValuesNameFieldAndLimit(member: String, field: String, limit: String) async {
    let error = await #expect(throws: SpeechError.self) { try await plan(#"{"text":"a",\#(member)}"#) }
    #expect(error?.code == .invalidRequest && error?.field == field, "\(String(describing: error))")
    #expect(error?.message.contains(limit) == true, "\(error?.message ?? "")")
  }

  @Test func markupDoesNotCountAndItsLanguagesAreChecked() async throws {
    let markup = String(repeating: "<s>abc</s>", count: 20)
    #expect(try await plan(#"{"text":"<speak>\#(markup)</speak>"}"#).script.text.count == 80)
    let error = await #expect(throws: SpeechError.self) {
      try await plan(#"{"text":"<speak><lang xml:lang='it'>a</lang></speak>"}"#)
    }
    #expect(error?.code == .unsupportedLanguage)
    let fast = await #expect(throws: SpeechError.self) {
      try await plan(#"{"text":"<speak><prosody rate='300%'>a</prosody></speak>","speed":2}"#)
    }
    #expect(fast?.field == "speed" && fast?.message.contains("0.25 to 4") == true)
  }
}
