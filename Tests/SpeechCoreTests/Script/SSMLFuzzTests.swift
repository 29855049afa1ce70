import Foundation
import SpeechCore
import TestSupport
import Testing

/// Random markup: the result is a script within its limits or a typed error. `XTTS_TEXT_FUZZ_SECONDS=300` sets the time,
/// `XTTS_TEXT_FUZZ_SEED` the first seed.
@Suite struct SSMLFuzzTests {
  private static let environment = ProcessInfo.processInfo.environment

  private static let scraps = [
    "<speak>", "</speak>", "<p>", "</p>", "<s>", "</s>", "<break/>", #"<break time="1s"/>"#, #"<break time="99s"/>"#,
    #"<sub alias="b">"#, "</sub>", #"<say-as interpret-as="characters">"#, "</say-as>", #"<voice name="A">"#,
    "</voice>",
    #"<lang xml:lang="de">"#, "</lang>", #"<prosody rate="+10%">"#, "</prosody>", #"<mark name="m"/>"#,
    "<phoneme ph='x'>",
    "</phoneme>", "<audio/>", "&amp;", "&lol;", "&#x41;", "&#0;", "<!-- c -->", "<![CDATA[x<y]]>", "<?pi x?>",
    "<!DOCTYPE speak [", "<!ENTITY a 'b'>", "]>", "[pause:1s]", "[pause:", "]", "\"", "'", "=", "<", ">", "/",
    "xml:lang",
    " ", "\n", "word", "é", "漢", "\u{0}", "\u{FFFE}", "👩‍👩‍👧", "1.5", "  ",
  ]

  private static func text(_ random: inout SplitMix64) -> String {
    var text = Bool.random(using: &random) ? "<speak>" : ""
    for _ in 0..<Int.random(in: 0...60, using: &random) { text += scraps.randomElement(using: &random) ?? "" }
    return Bool.random(using: &random) ? text + "</speak>" : text
  }

  @Test func randomMarkup() throws {
    let seconds = Self.environment["XTTS_TEXT_FUZZ_SECONDS"].flatMap(Double.init) ?? 2
    let first = Self.environment["XTTS_TEXT_FUZZ_SEED"].flatMap(UInt64.init) ?? 26
    let end = ContinuousClock.now + .seconds(seconds)
    var (count, scripts, slowest) = (UInt64(0), 0, Duration.zero)
    while ContinuousClock.now < end {
      let seed = first + count
      var random = SplitMix64(seed: seed)
      count += 1
      let text = Self.text(&random)
      let start = ContinuousClock.now
      do throws(SpeechError) {
        let script = try SpeechScript(text, isSSML: Bool.random(using: &random))
        scripts += 1
        #expect(
          script.pauseSeconds <= SpeechScript.longestSilence && script.voices.count <= 16, "seed \(seed): \(text)")
      } catch {
        let allowed: [SpeechError.Code] = [.invalidSSML, .unsupportedSSML, .invalidRequest, .unsupportedLanguage]
        #expect(allowed.contains(error.code) && error.field == "text", "seed \(seed): \(text): \(error)")
      }
      slowest = max(slowest, ContinuousClock.now - start)
    }
    print("fuzz: SSML \(count) inputs from seed \(first) in \(Int(seconds)) s, \(scripts) scripts, slowest \(slowest)")
  }
}
