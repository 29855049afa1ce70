#if DEBUG
  import SpeechCore
  import Testing

  @testable import XTTSText

  /// Rewriting looks at about twice as many characters in a text of double length: no rule searches far ahead from
  /// each position. Steps are counted, not time.
  @Suite struct WorkTests {
    private static let units = [
      "1", "1.", "1,", "1.000.", "12 345 ", "912 345 678 ", "1/2", "1-2-", "12:30", "1999年", "5 000 Mio ", "$5", "+1",
      "(1",
      "(1)", "((", "[", "[a](", "[a](b)", "![", "漢(か", "한(韓", "<b", "<b>", "&", "&amp", "*", "*a", "_a ", "*a _b ", "`",
      "~~", "#", "# ", "> ", "\n", "\n ", "a\n", "a\r\n", "\n\n1", ".\n \n", "字", "X字", "字.", "1字", "X", "XIV ", "a.",
      "www.", "a@", "-", " - ", "=", "× ", "  ", "İ 912 345 678 a ", "²", "5'", "Σ'",
    ]

    @Test(arguments: Language.allCases)
    func workGrowsWithTheLength(_ language: Language) {
      let normalizer = ExtendedNormalizer(language: language)
      for unit in Self.units {
        let short = Scalars(String(repeating: unit, count: 1500))
        let single = Self.steps(normalizer, short)
        let double = Self.steps(normalizer, short + short)
        #expect(double * 10 <= single * 23 + 100, "\(unit): \(single) steps, then \(double)")
      }
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
