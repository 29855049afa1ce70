import Foundation
import SpeechCore
import Testing

@Suite struct SpeechScriptTests {
  private typealias Style = SpeechScript.Style

  private func text(_ text: String, _ reading: SpeechScript.Reading = .written) -> SpeechScript.Span {
    .text(text, reading, Style())
  }

  private func error(_ text: String, isSSML: Bool = false) -> SpeechError? {
    do throws(SpeechError) { _ = try SpeechScript(text, isSSML: isSSML) } catch { return error }
    return nil
  }

  // MARK: Pauses

  @Test func pausesOfPlainText() throws {
    let script = try SpeechScript("One.[pause:0.8s] Two [PAUSE:800ms]three", isSSML: false)
    #expect(script.spans == [text("One."), .pause(0.8), text(" Two "), .pause(0.8), text("three")])
    #expect(try SpeechScript("[pause:1s]", isSSML: false).spans == [.pause(1)])
  }

  @Test(arguments: ["[pause", "a [b] c", "[pause: a while]", "[[pause]]", "[pause:]", "x < y", "<speaker> says"])
  func otherBracketsAreText(plain: String) throws {
    #expect(try SpeechScript(plain, isSSML: false).spans == [text(plain)])
  }

  @Test(arguments: [
    "[pause:11s]", "[pause:-1s]", "[pause:1]", "[pause:10001ms]", "[pause:1e3s]", "[pause:1.2.3s]", "[pause:0x1s]",
  ])
  func aWrongPauseNamesItsLimit(tag: String) {
    let error = error("One \(tag) two")
    #expect(error?.code == .invalidRequest && error?.field == "text")
    #expect(error?.message.contains(tag) == true && error?.message.contains("0 s to 10 s") == true)
  }

  @Test func pausesTogetherHaveALimit() {
    let error = error(String(repeating: "[pause:10s]", count: 61))
    #expect(error?.code == .invalidRequest && error?.message.contains("610 s") == true)
  }

  // MARK: Elements

  @Test func theSupportedElements() throws {
    let script = try SpeechScript(
      """
      <?xml version="1.0" encoding="UTF-16"?>
      <speak version="1.1" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US">
        <p><s>Hello  <sub alias="World Wide Web Consortium">W3C</sub>!</s><s>It is <say-as interpret-as="date"
          format="dmy">3.5.2024</say-as>.</s></p>
        <break time="500ms"/><break/><break strength="none"/>
        <voice name="Ana"><prosody rate="150%">Fast.</prosody></voice><mark name="end"/>
        <lang xml:lang="de">Guten Tag</lang> &amp; <say-as interpret-as="spell-out">html</say-as>
        <metadata><x>not spoken</x></metadata>
      </speak>
      """, isSSML: false)
    var english = Style()
    english.language = .english
    var ana = english
    (ana.voice, ana.rate) = ("Ana", 1.5)
    var german = english
    german.language = .german
    #expect(
      script.spans == [
        .text("Hello ", .written, english), .text("W3C", .alias("World Wide Web Consortium"), english),
        .text("!", .written, english), .end(isParagraph: false), .text("It is ", .written, english),
        .text("3.5.2024", .sayAs(.date, format: "dmy"), english), .text(".", .written, english),
        .end(isParagraph: true), .pause(0.5), .pause(0.5), .text("Fast.", .written, ana), .mark("end"),
        .text(" ", .written, english), .text("Guten Tag", .written, german), .text(" & ", .written, english),
        .text("html", .sayAs(.characters, format: nil), english), .text(" ", .written, english),
      ])
    #expect(script.voices == ["Ana"] && script.languages == [.english, .german] && script.warnings == [])
  }

  @Test func harmlessMarkupIsSkippedWithAWarning() throws {
    let script = try SpeechScript(
      #"<speak><emphasis>Very</emphasis> <say-as interpret-as="address">5 Main St</say-as></speak>"#, isSSML: false)
    #expect(script.text == "Very 5 Main St" && script.warnings.count == 2)
    #expect(script.warnings[0].contains("emphasis") && script.warnings[1].contains("say-as address"))
  }

  @Test(arguments: [
    (#"<audio src="http://x.example/a.wav"/>"#, "element audio"),
    (#"<prosody pitch="high">x</prosody>"#, "element prosody"),
    (#"<prosody volume="loud">x</prosody>"#, "element prosody"),
    (#"<voice gender="female">x</voice>"#, "element voice"),
    (#"<lexicon uri="http://x.example/l"/>"#, "element lexicon"),
    ("<amazon:effect>x</amazon:effect>", "element amazon:effect"),
  ])
  func unsupportedElementsAreNamed(markup: String, name: String) {
    let error = error("<speak>\(markup)</speak>")
    #expect(error?.code == .unsupportedSSML && error?.field == "text", "\(String(describing: error))")
    #expect(
      error?.message.contains(name) == true && error?.message.contains("line 1, column 8") == true,
      "\(error?.message ?? "")")
  }

  @Test(arguments: [
    ("<speak>a", "line 1"), ("<speak>\n  <p>a</s></speak>", "line 2, column"),
    ("<speak>&nbsp;</speak>", "undefined entity"),
    (#"<speak><break time="11s"/></speak>"#, "0s to 10s"), (#"<speak><break time="soon"/></speak>"#, "0s to 10s"),
    (#"<speak><break strength="huge"/></speak>"#, "x-strong"), ("<speak><sub>a</sub></speak>", "attribute alias"),
    ("<speak><mark/></speak>", "attribute name"), (#"<speak><prosody rate="9">a</prosody></speak>"#, "0.25 to 4"),
    ("<speak><speak>a</speak></speak>", "root element"), ("<speak/><speak/>", "junk"),
    ("<speak>\u{1}</speak>", "line 1"),
    (#"<speak><sub alias="a"><s>b</s></sub></speak>"#, "only text"),
    ("<!DOCTYPE speak><speak>a</speak>", "document type"), ("<?xml version='1.0'?><html/>", "must be speak"),
  ])
  func invalidMarkupNamesItsPlace(document: String, part: String) {
    let error = error(document, isSSML: true)
    #expect(error?.code == .invalidSSML && error?.field == "text", "\(document): \(String(describing: error))")
    #expect(
      error?.message.contains(part) == true && error?.message.contains("column") == true, "\(error?.message ?? "")")
  }

  @Test func aLanguageThatNoModelHas() {
    #expect(error(#"<speak xml:lang="1!">a</speak>"#)?.code == .unsupportedLanguage)
  }

  // MARK: Hostile documents

  @Test func aBombIsRefusedAtItsDeclaration() {
    let entities = (1...9).map { #"<!ENTITY l\#($0) "\#(String(repeating: "&l\($0 - 1);", count: 10))">"# }.joined()
    let error = error(#"<!DOCTYPE speak [<!ENTITY l0 "lol">\#(entities)]><speak>&l9;</speak>"#, isSSML: true)
    #expect(error?.code == .invalidSSML && error?.message.contains("document type declaration") == true)
  }

  @Test(arguments: ["file:///etc/passwd", "http://127.0.0.1:1/x"])
  func anExternalEntityIsNotFetched(url: String) {
    let document = #"<!DOCTYPE speak [<!ENTITY x SYSTEM "\#(url)">]><speak>&x;</speak>"#
    #expect(error(document, isSSML: true)?.code == .invalidSSML)
    #expect(error(#"<!DOCTYPE speak SYSTEM "\#(url)"><speak>a</speak>"#, isSSML: true)?.code == .invalidSSML)
  }

  @Test func depthAndSizeAreBounded() {
    let deep = String(repeating: "<s>", count: 40) + "a" + String(repeating: "</s>", count: 40)
    #expect(error("<speak>\(deep)</speak>")?.message.contains("32 deep") == true)
    let large = "<speak>" + String(repeating: "a", count: 1 << 20) + "</speak>"
    #expect(error(large)?.message.contains("1048576") == true)
    let marks = String(repeating: #"<mark name="a"/>"#, count: 1_001)
    #expect(error("<speak>\(marks)a</speak>")?.message.contains("1000 mark") == true)
    let voices = (0...16).map { #"<voice name="v\#($0)">a</voice>"# }.joined()
    #expect(error("<speak>\(voices)</speak>")?.message.contains("16 voices") == true)
  }

  /// The work grows with the size, also where a document has many small parts.
  @Test func manyPartsAreReadInLinearTime() throws {
    for part in ["&amp;", "a<mark name='m'/>", #"<voice name="a">x</voice>"#, "<s>a</s>", "[pause:0s]"] {
      let count = min(900, 1 << 20 / part.utf8.count)
      let script = try SpeechScript("<speak>\(String(repeating: part, count: count))</speak>", isSSML: false)
      #expect(script.spans.count <= 2 * count + 1)
    }
  }

  // MARK: Seeds

  /// The length of a pause changes nothing else in the audio.
  @Test func seedsDependOnTheWordsAndNotOnPauses() throws {
    func parts(_ text: String) throws -> [String] { try SpeechScript(text, isSSML: false).seedParts }
    #expect(try parts("Plain.") == ["Plain."])
    #expect(try parts("One.[pause:1s]Two.") == parts("One.[pause:9s]Two."))
    #expect(try parts("One.[pause:1s]Two.") != parts("One.Two."))
    #expect(try parts("<speak>a<mark name='x'/>b</speak>") == parts("<speak>ab</speak>"))
    #expect(try parts("<speak>a<sub alias='b'>c</sub></speak>") != parts("<speak>ac</speak>"))
  }
}
