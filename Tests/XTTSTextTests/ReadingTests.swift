import Foundation
import SpeechCore
import TestSupport
import Testing

@testable import XTTSText

/// Written forms and their right readings, in `Fixtures/reading.tsv`: language, kind, text, accepted readings.
@Suite struct ReadingTests {
  private struct Case {
    var language: Language
    var text: String
    var readings: [String]
  }

  private static func cases(_ language: Language) throws -> [Case] {
    try GoldenFiles.rows("reading.tsv").filter { $0[0] == language.rawValue }.map { row in
      Case(language: language, text: row[2], readings: row[3].components(separatedBy: " | "))
    }
  }

  @Test(arguments: Language.allCases)
  func rightReading(_ language: Language) throws {
    let frontend = try GoldenFiles.readingFrontend()
    guard frontend.languages.contains(language) else { return }
    for example in try Self.cases(language) {
      let reading = try frontend.reading(example.text, language: language)
      #expect(reading.unreadable.isEmpty, "\(example.text): \(reading.unreadable)")
      let accepted = try example.readings.flatMap { reading in
        let folds = Self.folds(try frontend.normalize(reading, language: language), language)
        // Otherwise a word that is always misread would be accepted.
        if !Self.isRomanized(language) { #expect(folds == Self.folds(reading, language), "\(reading)") }
        return folds
      }
      let said = Self.folds(reading.normalized, language)
      #expect(said.contains(where: accepted.contains), "\(example.text): \(reading.normalized)")
    }
  }

  /// With hyphens as spaces and with hyphens removed; without punctuation and case. Number words may be written
  /// together or apart in the languages that join them.
  private static func folds(_ text: String, _ language: Language) -> [String] {
    [" ", ""].map { hyphen in
      let plain = text.lowercased().replacing("-", with: hyphen).replacing("–", with: hyphen)
      let words = plain.unicodeScalars.split(separator: " ").map { word in
        String(String.UnicodeScalarView(word.filter { $0.isSpeakable || $0.isMark }))
      }
      return fold(words.filter { !$0.isEmpty }.joined(separator: joins(language) ? "" : " "), language)
    }
  }

  /// Whether the model gets Latin letters for other signs.
  private static func isRomanized(_ language: Language) -> Bool {
    [.chinese, .japanese, .korean].contains(language)
  }

  private static func joins(_ language: Language) -> Bool {
    [.chinese, .japanese, .korean, .german, .dutch, .italian, .hungarian, .turkish].contains(language)
  }

  /// Spelling that does not change the reading.
  private static func fold(_ text: String, _ language: Language) -> String {
    switch language {
    case .russian: return text.replacing("ё", with: "е")
    case .arabic:
      let short = text.unicodeScalars.filter { !(0x64B...0x652).contains($0.value) }
      return String(String.UnicodeScalarView(short)).replacing("أ", with: "ا").replacing("إ", with: "ا")
        .replacing("مائة", with: "مئة").replacing(" و ", with: " و")
    case .hindi:
      let marks: Set<Unicode.Scalar> = ["\u{93C}"]
      let plain = text.decomposedStringWithCanonicalMapping.unicodeScalars.filter { !marks.contains($0) }
      return String(String.UnicodeScalarView(plain)).replacing("\u{901}", with: "\u{902}")
    default: return text
    }
  }

  @Test(arguments: [
    ("Hi 中文 there", Language.english, "hi zhong wen there"), ("Hi привет", .english, "hi привет"),
    ("Māori", .english, "maori"), ("Pokémonが好き", .japanese, "pokemon ga suki"),
  ])
  func foreignScriptsAreRead(text: String, language: Language, spoken: String) throws {
    let frontend = try GoldenFiles.readingFrontend()
    guard frontend.languages.contains(language) else { return }
    let reading = try frontend.reading(text, language: language)
    #expect(reading.normalized == spoken)
    #expect(reading.unreadable.isEmpty)
  }

  @Test func unreadableCharactersAreNamed() throws {
    let frontend = try GoldenFiles.readingFrontend()
    let segments = try frontend.segments("Turn ⌘ and ♞ 👍.", language: .english)
    #expect(segments.flatMap(\.unreadable) == ["⌘", "♞"])
    #expect(UnreadableCharacters(["⌘", "♞", "⌘"]).description == "U+2318, U+265E")
    let error = #expect(throws: SpeechError.self) { try frontend.segments("⌘ ♞", language: .english) }
    #expect(error?.code == .textUnreadable)
    #expect(error?.message.contains("U+2318") == true)
  }

  /// Decomposed text reads as composed text does.
  @Test(arguments: Language.allCases)
  func compositionDoesNotMatter(_ language: Language) throws {
    let frontend = try GoldenFiles.readingFrontend()
    guard frontend.languages.contains(language) else { return }
    for line in try GoldenFiles.lines(language).prefix(40) {
      let composed = try frontend.normalize(line.text, language: language)
      let decomposed = try frontend.normalize(line.text.decomposedStringWithCanonicalMapping, language: language)
      #expect(composed == decomposed)
    }
  }

  /// No digit is dropped: each is spoken as words or stays in the text.
  @Test(arguments: Language.allCases)
  func digitsAreNotLost(_ language: Language) throws {
    let frontend = try GoldenFiles.readingFrontend()
    guard frontend.languages.contains(language) else { return }
    var random = SplitMix64(seed: 22)
    let marks = [".", ",", " ", "-", "/", ":", "%", "$", "€", "x", "°C", "+", "(", ")", "#", "km", "年", "²"]
    for _ in 0..<300 {
      var text = ""
      for _ in 0...(random.next() % 4) {
        text += String(random.next() % [10, 100, 10_000, 1_000_000][Int(random.next() % 4)])
        text += marks[Int(random.next() % UInt64(marks.count))]
      }
      let reading = try frontend.reading(text + " 7", language: language)
      let hasLostDigit = reading.unreadable.contains { $0.isASCIIDigit }
      #expect(!hasLostDigit, "\(text)")
      let words = reading.normalized.split(separator: " ").count
      #expect([.chinese, .japanese, .korean].contains(language) || words >= 2, "\(text): \(reading.normalized)")
    }
  }

  /// A row of numbers is neither one number nor slow.
  @Test func longRowsOfNumbers() throws {
    let frontend = try GoldenFiles.readingFrontend()
    let row = Array(repeating: "111", count: 20_000).joined(separator: " ")
    let reading = try frontend.reading(row, language: .german)
    #expect(reading.normalized.split(separator: " ").count == 20_000)
  }
}
