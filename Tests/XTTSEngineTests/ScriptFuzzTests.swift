import Foundation
import SpeechCore
import TestSupport
import Testing
import XTTSModel

@testable import XTTSEngine

extension EngineRuns {
  /// Random documents with every element, in every language, down to the tokens: no text, silence or mark is lost.
  ///
  /// `XTTS_TEXT_FUZZ_SECONDS=300` sets the time, `XTTS_TEXT_FUZZ_SEED` the first seed.
  @Suite struct ScriptFuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let words = [
      "word", "Nguyen", "SQL", "$5", "3.5.2024", "12:30", "+49 30", "3rd", "é", "漢字。", "हिन्दी", "عربي", "👩‍👩‍👧", "...", "?!",
      "A sentence. Another one!", " ", "\n\n", "\r\n", "'", "½", "\u{301}", "１２", "xyz123", "Dr. No", "한국어", "かな",
      "\u{202E}",
    ]
    private static let lexicon = [
      LexiconEntry(written: "Nguyen", spoken: "Win"), LexiconEntry(written: "ing", spoken: "in", wholeWord: false),
      LexiconEntry(written: "sql", spoken: "1/2 $3 "), LexiconEntry(written: "é", spoken: "ee", wholeWord: false),
      LexiconEntry(written: "漢", spoken: "かん", wholeWord: false, language: .japanese),
    ]

    @Test func randomDocuments() throws {
      let seconds = Self.environment["XTTS_TEXT_FUZZ_SECONDS"].flatMap(Double.init) ?? 2
      let first = Self.environment["XTTS_TEXT_FUZZ_SEED"].flatMap(UInt64.init) ?? 26
      let preparation = try TextPreparation(
        ModelFiles(directory: try SmallModel.directory.get()), options: EngineOptions())
      let end = ContinuousClock.now + .seconds(seconds)
      var (count, spoken, slowest) = (UInt64(0), 0, Duration.zero)
      while ContinuousClock.now < end {
        let seed = first + count
        count += 1
        var random = SplitMix64(seed: seed)
        let text = "<speak>\(Self.content(&random, depth: 4))</speak>"
        let start = ContinuousClock.now
        do throws(SpeechError) {
          let script = try SpeechScript(text, isSSML: true)
          try check(script, preparation, &random, "seed \(seed): \(text)")
          spoken += 1
        } catch {
          let allowed: [SpeechError.Code] = [
            .textEmpty, .textUnreadable, .textTooLong, .unsupportedSSML, .invalidRequest,
          ]
          #expect(allowed.contains(error.code), "seed \(seed): \(error)")
        }
        slowest = max(slowest, ContinuousClock.now - start)
      }
      print(
        "fuzz: SSML \(count) documents from seed \(first) in \(Int(seconds)) s, \(spoken) prepared, slowest \(slowest)")
      #expect(spoken > 0)
    }

    private func check(
      _ script: SpeechScript, _ preparation: TextPreparation, _ random: inout SplitMix64, _ comment: String
    ) throws(SpeechError) {
      let languages = preparation.languages
      var job = SynthesisJob(
        id: "fuzz", text: "", language: languages[Int(random.next() % UInt64(languages.count))],
        voice: VoiceConditioning(gptLatents: [], speakerEmbedding: []), seed: 0)
      job.script = script
      if random.next() % 2 == 0 { job.lexicon = Self.lexicon }
      let between = random.next() % 3 == 0
      if between { job.pauses = SentencePauses(sentence: 0.1, paragraph: 0.2) }
      let segments = try preparation.segments(job, sampleRate: 1_000)
      let marks = script.spans.compactMap { if case .mark(let name) = $0 { name } else { nil } }
      #expect(segments.flatMap(\.marks).map(\.name).sorted() == marks.sorted(), "\(comment)")
      let written = script.text.unicodeScalars.filter { !$0.properties.isWhitespace }
      let reported = segments.flatMap { $0.text.unicodeScalars.filter { !$0.properties.isWhitespace } }
      // Text before the first segment with nothing to say has no segment.
      #expect(Array(written.suffix(reported.count)) == reported, "\(comment)")
      let silence = segments.reduce(0) { $0 + $1.silenceBefore + $1.silenceAfter }
      let pauses = Int((script.pauseSeconds * 1_000).rounded())
      #expect(between ? silence >= pauses : silence == pauses, "\(comment)")
    }

    private static func content(_ random: inout SplitMix64, depth: Int) -> String {
      (0..<random.next() % 5).map { _ in piece(&random, depth: depth) }.joined()
    }

    private static func piece(_ random: inout SplitMix64, depth: Int) -> String {
      func pick(_ list: [String]) -> String { list[Int(random.next() % UInt64(list.count))] }
      let word = pick(words)
      switch random.next() % (depth > 0 ? 12 : 7) {
      case 0: return "<break time='\(random.next() % 900)ms'/>"
      case 1: return "<mark name='m\(random.next() % 4)'/>"
      case 2: return "<sub alias='\(pick(["", "x", "two words.", "7", "…"]))z'>\(word)</sub>"
      case 3:
        let kind = pick(["characters", "cardinal", "ordinal", "digits", "date", "time", "telephone", "currency", "x"])
        return "<say-as interpret-as='\(kind)' format='\(pick(["dmy", "ymd", "y", ""]))'>\(word)</say-as>"
      case 4: return "<phoneme ph='x'>\(pick(["Nguyen", "nguyen", "SQL"]))</phoneme>"
      case 5, 6: return word
      case 7: return "<p>\(content(&random, depth: depth - 1))</p>"
      case 8: return "<s>\(content(&random, depth: depth - 1))</s>"
      case 9: return "<voice name='\(pick(["A", "B"]))'>\(content(&random, depth: depth - 1))</voice>"
      case 10: return "<prosody rate='\(pick(["90%", "110%", "fast"]))'>\(content(&random, depth: depth - 1))</prosody>"
      default: return "<lang xml:lang='\(pick(["de", "ja", "ar", "en"]))'>\(content(&random, depth: depth - 1))</lang>"
      }
    }
  }
}
