import Foundation
import SpeechCore
import TestSupport
import Testing

@testable import XTTSText

/// Random text in every language: the result is an answer or an error, pieces keep their limits, and no text is lost.
///
/// `XTTS_TEXT_FUZZ=1000000` sets the number of strings, `XTTS_TEXT_FUZZ_SEED` the first seed. String `n` of a run can
/// be repeated alone with a count of 1 and the seed plus n. `XTTS_TEXT_FUZZ_SECONDS=300` sets the seconds for each
/// language; `XTTS_TEXT_FUZZ_LANGUAGES=de,ru` the languages.
@Suite struct FuzzTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let count = environment["XTTS_TEXT_FUZZ"].flatMap(Int.init) ?? 20_000
  private static let firstSeed = environment["XTTS_TEXT_FUZZ_SEED"].flatMap(UInt64.init) ?? 20_260_101

  @Test func randomText() throws {
    let frontend = try GoldenFiles.frontend()
    let languages = frontend.languages
    for number in 0..<Self.count {
      let seed = Self.firstSeed + UInt64(number)
      var random = SplitMix64(seed: seed)
      let text = RandomText.make(&random)
      let language = languages[Int(random.next() % UInt64(languages.count))]
      let mode = NormalizationMode.allCases[Int(random.next() % UInt64(NormalizationMode.allCases.count))]
      check(text, language, mode, frontend, seed: seed)
    }
    print("fuzz: \(Self.count) strings from seed \(Self.firstSeed), \(languages.count) languages")
  }

  #if DEBUG
    /// Seconds of random text for each language: digits that are not heard, and the work at double length.
    @Test(.enabled(if: environment["XTTS_TEXT_FUZZ_SECONDS"] != nil))
    func everyLanguage() throws {
      let frontend = try GoldenFiles.readingFrontend()
      let seconds = Self.environment["XTTS_TEXT_FUZZ_SECONDS"].flatMap(Double.init) ?? 1
      let chosen = Self.environment["XTTS_TEXT_FUZZ_LANGUAGES"]?.split(separator: ",").map(String.init)
      for language in frontend.languages where chosen?.contains(language.rawValue) ?? true {
        var random = SplitMix64(seed: Self.firstSeed)
        let normalizer = ExtendedNormalizer(language: language)
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        var (inputs, lost, slowest) = (0, 0, ("", 0.0))
        while clock.now < end {
          inputs += 1
          let text = inputs % 2 == 0 ? RandomText.make(&random) : DigitTests.text(&random)
          check(text, language, .extended, frontend, seed: Self.firstSeed)
          if inputs % 2 == 1, let other = DigitTests.unheard(text, language, frontend, &random) {
            lost += 1
            Issue.record("\(language) reads \(text) and \(other) alike")
          }
          if inputs % 20 == 0, !text.isEmpty {
            let unit = String(text.prefix(24))
            let ratio = WorkTests.ratio(unit, scalars: 2400, normalizer)
            if ratio > slowest.1 { slowest = (unit, ratio) }
            if ratio > 2.3 { Issue.record("\(language): \(ratio) times the steps for \(unit.debugDescription)") }
          }
        }
        print(
          "fuzz: \(language.rawValue) \(inputs) inputs in \(Int(seconds)) s, crashes 0, slowest ratio at double length "
            + "\((slowest.1 * 100).rounded() / 100) (\(slowest.0.debugDescription)), digits lost \(lost)")
      }
    }
  #endif

  private func check(
    _ text: String, _ language: Language, _ mode: NormalizationMode, _ frontend: TextFrontend, seed: UInt64
  ) {
    do {
      let segments = try frontend.segments(text, language: language, mode: mode)
      for segment in segments {
        let length = segment.text.unicodeScalars.count
        #expect(length <= language.characterLimit, "seed \(seed) \(language): a piece of \(length) characters")
        #expect(segment.tokens.count <= 401, "seed \(seed) \(language)")
      }
      let joined = segments.flatMap { $0.text.unicodeScalars.filter { !$0.isPythonSpace } }
      #expect(joined == text.unicodeScalars.filter { !$0.isPythonSpace }, "seed \(seed) \(language): text was lost")
    } catch {
      #expect([.textEmpty, .textUnreadable].contains(error.code), "seed \(seed) \(language): \(error)")
    }
  }
}

enum RandomText {
  private static let scraps = [
    "1", "23", "0", "1.5", "1,234", "$", "€", "£5", "%", "°", "12:30", "2024-05-03", "http://a.b/c?d", "x@y.zz", "Dr.",
    "III", "1/2", "5 km", "No. 4", "3rd", "2º", "...", "?!", "\"", "[en]", "[SPACE]", "*b*", "# ", "- ", "\n", "\t",
    "\u{200D}", "\u{202E}", "\u{301}", "\u{FEFF}", "👩‍👩‍👧", "🇫🇷", "ß", "İ", "Σ", "й", "한", "漢字", "かな", "カナ", "हिन्दी", "عربي",
    "！", "。", "、", "1月2日", "13912345678", "３", "٣", "½", "Ⅳ", "\u{0}", "\u{FFFF}", "𝒳", "\u{10FFFF}",
  ]
  private static let ranges: [ClosedRange<UInt32>] = [
    0x20...0x7E, 0x30...0x39, 0x61...0x7A, 0xA0...0x24F, 0x300...0x36F, 0x370...0x4FF, 0x600...0x6FF, 0x900...0x97F,
    0x1100...0x11FF, 0x2000...0x206F, 0x3040...0x30FF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0x1F300...0x1F6FF,
    0...0x10FFFF,
  ]

  static func make(_ random: inout SplitMix64) -> String {
    // Most texts are short; some exceed every limit by far.
    let pieces = random.next() % 20 == 0 ? Int(random.next() % 400) : Int(random.next() % 24)
    var scalars = String.UnicodeScalarView()
    for _ in 0..<pieces {
      switch random.next() % 4 {
      case 0: scalars += scraps[Int(random.next() % UInt64(scraps.count))].unicodeScalars
      case 1: scalars.append(" ")
      default:
        let range = ranges[Int(random.next() % UInt64(ranges.count))]
        for _ in 0...(random.next() % 6) {
          let value = range.lowerBound + UInt32(random.next() % UInt64(range.count))
          if let scalar = Unicode.Scalar(value) { scalars.append(scalar) }
        }
      }
    }
    return String(scalars)
  }
}
