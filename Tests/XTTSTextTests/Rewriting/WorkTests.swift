#if DEBUG
  import SpeechCore
  import Testing

  @testable import XTTSText

  /// Rewriting looks at about twice as many characters in a text of double length: no rule searches far ahead from
  /// each position. Steps are counted, not time.
  @Suite struct WorkTests {
    /// Written values. Searches for them are short, so a short text shows the growth of the work.
    private static let values = [
      "1", "1.", "1,", "1.000.", "12 345 ", "912 345 678 ", "1/2", "1 1/2 ", "1-2-", "12:30", "1999年", "5 000 Mio ",
      "$5", "$5-", "+1", "(1", "(1)", "((", "字", "X字", "字.", "1字", "X", "XIV ", "XIV i ", "a.", "-",
      " - ",
      "=", "× ", "1x", "x 1 ", "  ", "İ 912 345 678 a ", "²", "^2", "5'", "Σ'", "DE89 1234 ", "12.345.678/", "9.15-",
      "St. ", "ul. ", "от 5 ",
    ]
    /// Markup and addresses are the same in every language; their longest search is 2,000 characters.
    private static let markup = [
      "www.", "a@", "[", "[a](", "[a](b)", "![", "<b", "<b>", "<a:", "&", "&amp", "*", "*a", "_a ", "*a _b ", "`", "~~",
      "#", "# ",
      "> ", "\n", "\n ", "a\n", "a\r\n", "\n\n1", ".\n \n",
    ]

    @Test(arguments: Language.allCases)
    func workGrowsWithTheLength(_ language: Language) {
      for unit in Self.values { Self.check(unit, scalars: 500, language) }
    }

    @Test func workOnMarkupGrowsWithTheLength() {
      for unit in Self.markup { Self.check(unit, scalars: 6000, .english) }
      for unit in ["[_yG9#0 ", "é *J< ", "` a"] { Self.check(unit, scalars: 1200, .english) }
      Self.check("漢(か", scalars: 6000, .japanese)
      Self.check("한(韓", scalars: 6000, .korean)
    }

    private static func check(_ unit: String, scalars: Int, _ language: Language) {
      let ratio = ratio(unit, scalars: scalars, ExtendedNormalizer(language: language))
      #expect(ratio <= 2.3, "\(language) \(unit): \(ratio) times the steps at double length")
    }

    /// The steps for a text of double length, as a multiple of the steps for the text, which repeats `unit`.
    static func ratio(_ unit: String, scalars: Int, _ normalizer: ExtendedNormalizer) -> Double {
      let short = Scalars(String(repeating: unit, count: scalars / max(unit.unicodeScalars.count, 1) + 1))
      return Double(steps(normalizer, short + short)) / Double(steps(normalizer, short) + 10)
    }

    private static func steps(_ normalizer: ExtendedNormalizer, _ text: Scalars) -> Int {
      let counter = WorkCounter()
      return WorkCounter.$current.withValue(counter) {
        _ = normalizer.rewrite(text)
        return counter.steps
      }
    }

    @Test func countsASearch() {
      let counter = WorkCounter()
      WorkCounter.$current.withValue(counter) {
        _ = Scalars("aaab").wordEnd(from: 0, limit: 3)
        _ = Scalars("aaab").wordEnd(from: 0)
      }
      #expect(counter.steps == 9)
    }
  }
#endif
