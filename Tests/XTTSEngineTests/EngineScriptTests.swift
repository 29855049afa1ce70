import Foundation
import SpeechCore
import Testing
import XTTSModel

@testable import Checkpoint
@testable import TestSupport
@testable import XTTSEngine

extension EngineRuns {
  /// Pauses, marks, several voices and lexicons.
  @Suite struct EngineScriptTests {
    private func job(_ engine: XTTSEngine, _ text: String) throws -> SynthesisJob {
      var job = engine.job("")
      job.script = try SpeechScript(text, isSSML: false)
      for (index, name) in job.script.voices.enumerated() {
        job.voices[name] = engine.builtInVoices[index % engine.builtInVoices.count].conditioning
      }
      return job
    }

    @Test func thePauseIsExactAndChangesNothingElse() async throws {
      let engine = try await SmallModel.engine()
      let heard = try await engine.hear(job(engine, "[pause:0.25s]One two.[pause:0.5s] Three four.[pause:125ms]"))
      let longer = try await engine.hear(job(engine, "[pause:0s]One two.[pause:1s] Three four.[pause:0s]"))
      #expect(heard.segments.map(\.text) == ["One two.", "Three four."] && heard.segments == longer.segments)
      #expect(longer.samples.count - heard.samples.count == 3_000)
      #expect(heard.samples.prefix(6_000).allSatisfy { $0 == 0 } && heard.samples.suffix(3_000).allSatisfy { $0 == 0 })
      let speech = heard.samples.dropFirst(6_000).dropLast(3_000)
      let place = try #require(zip(speech, longer.samples).enumerated().first { $1.0 != $1.1 }?.offset)
      // The shorter pause ends at the first difference.
      let first = place - 12_000
      #expect(first > 0 && speech.prefix(place).suffix(12_000).allSatisfy { $0 == 0 })
      #expect(Array(speech.dropFirst(place)) == Array(longer.samples.dropFirst(place + 12_000)))
    }

    @Test func sentencesAndParagraphsAreSegmentsOnlyWithAPause() async throws {
      let engine = try await SmallModel.engine()
      var job = engine.job("One two three. Four five.\n\nSix seven\neight nine. Ten.")
      #expect(try await engine.hear(job).segments.count == 1)
      job.pauses = SentencePauses(sentence: 0.1, paragraph: 0.3)
      let heard = try await engine.hear(job)
      #expect(heard.segments.map(\.text) == ["One two three.", "Four five.", "Six seven\neight nine.", "Ten."])
      job.pauses = SentencePauses(sentence: 0.2, paragraph: 0.7)
      // Two ends of sentences, one of a paragraph.
      #expect(try await engine.hear(job).samples.count - heard.samples.count == 2 * 2_400 + 9_600)
      job.pauses = SentencePauses(paragraph: 0.1)
      #expect(try await engine.hear(job).segments.count == 2)
    }

    @Test func marksHaveTheirPlaces() async throws {
      let engine = try await SmallModel.engine()
      let heard = try await engine.hear(
        job(
          engine,
          "<speak><mark name='a'/><break time='1s'/><mark name='b'/>One <mark name='c'/>two.<mark name='d'/>"
            + "<break time='1s'/><mark name='e'/><break time='1s'/>Three.</speak>"))
      let marks = try ["a", "b", "c", "d", "e"].map { try #require(heard.marks[$0], "\($0)") }
      #expect(marks[0] == 0 && marks[1] == 24_000 && marks[4] == marks[3] + 24_000)
      #expect(marks[1] < marks[2] && marks[2] < marks[3])
      #expect(heard.samples[marks[3]..<(marks[3] + 48_000)].allSatisfy { $0 == 0 })
    }

    @Test func eachVoiceSpeaksItsTextAloneAndUnderLoad() async throws {
      let engine = try await SmallModel.engine()
      let text = """
        <speak>One two.<voice name="Second">Three <sub alias="four hundred">IV</sub>.<break time="200ms"/></voice>
        <voice name="Third"><prosody rate="150%">Five six.</prosody></voice></speak>
        """
      var job = try job(engine, text)
      job.voices["Second"] = engine.builtInVoices[1].conditioning
      job.lexicon = [LexiconEntry(written: "six", spoken: "seven")]
      job.reportsNormalized = true
      let alone = try await engine.hear(job)
      #expect(alone.segments.map(\.text) == ["One two.", "Three IV.", "Five six."])
      #expect(alone.segments.map(\.normalized) == ["one two", "three four hundred", "five seven"])
      let neighbours = (0..<3).map { index in
        Task { try await engine.hear(engine.job("A neighbour.", seed: UInt64(index))) }
      }
      #expect(try await engine.hear(job) == alone)
      for neighbour in neighbours { _ = try await neighbour.value }
      job.voices["Second"] = job.voice
      #expect(try await engine.hear(job).samples != alone.samples)
    }

    @Test func aPhonemeNeedsTheLexicon() async throws {
      let engine = try await SmallModel.engine()
      var job = try job(engine, "<speak>A <phoneme ph='x'>tomato</phoneme>.</speak>")
      let error = await #expect(throws: SpeechError.self) { try await engine.hear(job) }
      #expect(error?.code == .unsupportedSSML && error?.message.contains("phoneme") == true)
      job.lexicon = [LexiconEntry(written: "Tomato", spoken: "tuh mah toe")]
      job.reportsNormalized = true
      #expect(try await engine.hear(job).segments.map(\.normalized) == ["a tuh mah toe"])
    }

    @Test func onlyPausesAreNothingToSpeak() async throws {
      let engine = try await SmallModel.engine()
      for text in ["[pause:1s]", "[pause:1s] ... [pause:1s]"] {
        let error = await #expect(throws: SpeechError.self) { try await engine.hear(try job(engine, text)) }
        #expect(error?.code == .textEmpty)
      }
    }

    @Test(arguments: [(FinalPeriod.auto, "hello"), (.always, "hello"), (.never, "hello.")])
    func theFinalPeriod(period: FinalPeriod, spoken: String) async throws {
      let engine = try await SmallModel.engine()
      var job = engine.job("Hello.")
      job.dropsFinalPeriod = period.drops
      job.reportsNormalized = true
      #expect(try await engine.hear(job).segments.map(\.normalized) == [spoken])
    }

    /// A fine-tune's own language needs its tag in `config.json` and `vocab.json`.
    @Test func anEighteenthLanguageIsSpoken() async throws {
      let folder = try ScratchDirectory("script")
      try VietnameseCheckpoint.write(to: folder.path) { $0 = SmallModel.dimensions }
      var options = EngineOptions()
      options.device = "cpu"
      options.threads = 1
      let engine = try await XTTSEngine.load(
        ModelFiles(directory: folder.path), identify: { SmallModel.identity }, options: options)
      let vietnamese = try #require(Language(tag: "vi-VN"))
      #expect(engine.languages.contains(vietnamese) && engine.languages.contains(.chinese))
      var job = engine.job("Xin  Chào.", language: vietnamese)
      job.reportsNormalized = true
      let heard = try await engine.hear(job)
      #expect(heard.segments.map(\.normalized) == ["xin chào."] && !heard.samples.isEmpty)
      #expect(engine.refusal(of: try #require(Language(tag: "th")))?.code == .unsupportedLanguage)
    }
  }
}
