/// Korean is cleaned as every language is and then written in Latin letters.
struct KoreanCleaner: LanguageCleaner {
  private let cleaner = UpstreamCleaner(.korean)

  func clean(_ text: Scalars) -> Scalars {
    HangulRomanization.romanize(cleaner.clean(text))
  }

  func romanize(_ text: Scalars) -> Scalars { HangulRomanization.romanize(text) }
}
