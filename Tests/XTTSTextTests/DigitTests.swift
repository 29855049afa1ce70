import SpeechCore
import TestSupport
import Testing

@testable import XTTSText

/// No digit is lost: a text in which one digit differs is read differently, so each digit has a part in what is said.
@Suite struct DigitTests {
  private static let marks = [
    " ", " ", " ", ", ", ". ", ".", ",", "-", "/", ":", "%", " %", "€", "$", " USD ", " km ", " kg, ", "(", ")", "#",
    "+",
    "x", "°C", "h", "a", "İ ", " XIV ", "e ", "年", "月", "号", "번 ", "번째", "º ", "ª ", "-го ", "-án ", "\n", " в ",
    " den ",
  ]
  private static let limits: [UInt64] = [10, 10, 100, 100, 1000, 2100, 100_000, 1_000_000]

  @Test(arguments: Language.allCases)
  func everyDigitIsHeard(_ language: Language) throws {
    let frontend = try GoldenFiles.readingFrontend()
    guard frontend.languages.contains(language) else { return }
    var random = SplitMix64(seed: 22)
    for _ in 0..<150 {
      let text = Self.text(&random)
      let other = Self.unheard(text, language, frontend, &random)
      #expect(other == nil, "\(text) and \(other ?? "")")
    }
  }

  /// The text with another digit that is read like it; nil where there is none.
  static func unheard(
    _ text: String, _ language: Language, _ frontend: TextFrontend, _ random: inout SplitMix64
  ) -> String? {
    guard let reading = try? frontend.normalize(text, language: language) else { return text }
    var scalars = Scalars(text)
    for (position, digit) in scalars.enumerated() where digit.isASCIIDigit {
      scalars[position] = Unicode.Scalar(UInt8(0x30 + (digit.digitValue + 1 + Int(random.next() % 9)) % 10))
      let other = String(scalars)
      scalars[position] = digit
      if let changed = try? frontend.normalize(other, language: language), changed == reading { return other }
    }
    return nil
  }

  static func text(_ random: inout SplitMix64) -> String {
    var text = random.next() % 2 == 0 ? "" : marks[Int(random.next() % UInt64(marks.count))]
    for _ in 0...(random.next() % 4) {
      text += String(random.next() % limits[Int(random.next() % UInt64(limits.count))])
      text += marks[Int(random.next() % UInt64(marks.count))]
    }
    return text
  }

  /// Texts on which an earlier version stopped, lost a digit or read another number.
  @Test(arguments: Language.allCases)
  func earlierFaults(_ language: Language) throws {
    let frontend = try GoldenFiles.readingFrontend()
    guard frontend.languages.contains(language) else { return }
    for text in ["İ 912 345 678 a", "İ 5", "2/20", "9/100", "1/1", "0/0", "1/10003"] {
      #expect(try !frontend.normalize(text, language: language).isEmpty)
    }
    #expect(
      try frontend.normalize("1/10003", language: language) != frontend.normalize("1/3", language: language))
    // Numbers that no rule knows, of which upstream would round the last digits.
    for text in [
      "54x4.737762€", "949660a34836.197€", "+40713-30,1299$", "x9,810", "7,186İ", "361585.2061)50.", "422,896º",
      "12,223:389701°C", "80/92745,91497 в 154900:", "87256.878200.32775 km", "4,37859,72€", "691742 XIV ", "$100988号",
      "a8.971102 USD", "108253.3-án 62+850156€",
      "1002000005", "67°C0h547€", "925x36€", "7/906€", "2032:568182$",
    ] {
      var random = SplitMix64(seed: 1)
      let other = Self.unheard(text, language, frontend, &random)
      #expect(other == nil, "\(text) and \(other ?? "")")
    }
  }
}
