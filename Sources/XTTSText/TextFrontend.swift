import SpeechCore

/// Text to tokens as XTTS-v2 was trained on them: cleaning per language, byte-pair encoding, splitting into pieces the
/// model can read. A value that can be used from any task; upstream's counterpart is `VoiceBpeTokenizer`.
public struct TextFrontend: Sendable {
  private let tokenizer: BPETokenizer
  private let cleaners: [Language: any LanguageCleaner]
  private let extensions: [Language: ExtendedNormalizer]
  private let readability: Readability
  /// Most tokens of one piece, language tag included. Upstream refuses `gpt_max_text_tokens`, which is 402.
  public var tokenLimit = 401

  /// Loads a Hugging Face `vocab.json`.
  ///
  /// - Parameter japaneseDictionary: folder of a compiled MeCab dictionary. nil looks where `tools/setup-japanese` and
  ///   Debian install UniDic and IPADIC; without one, Japanese is refused.
  /// - Throws: ``TextError`` if the file is missing, malformed, too large or of another kind of tokenizer.
  public init(vocabularyPath: String, japaneseDictionary: String? = nil) throws(TextError) {
    try self.init(vocabulary: Vocabulary.load(path: vocabularyPath), japaneseDictionary: japaneseDictionary)
  }

  init(vocabulary: Vocabulary, japaneseDictionary: String? = nil) {
    tokenizer = BPETokenizer(vocabulary: vocabulary)
    readability = Readability(vocabulary)
    cleaners = LanguageCleaners.all(japaneseDictionary: japaneseDictionary)
    extensions = Dictionary(
      uniqueKeysWithValues: Language.allCases.map { ($0, ExtendedNormalizer(language: $0)) })
  }

  /// The number of entries in the vocabulary.
  public var vocabularySize: Int { tokenizer.vocabulary.tokenCount }

  /// The languages this instance can read: those the vocabulary has a tag for and whose dictionary is present.
  public var languages: [Language] {
    Language.allCases.filter { refusal(of: $0) == nil }
  }

  /// The text that the model reads: upstream's `preprocess_text` of the stripped, lower-cased text. May be empty.
  /// - Throws: `unsupported_language` where the language's dictionary is not installed.
  public func normalize(
    _ text: String, language: Language, mode: NormalizationMode = .extended
  ) throws(SpeechError) -> String {
    String(try normalize(Scalars(text), language: language, mode: mode).text)
  }

  /// A text as one piece, however long it is.
  /// - Throws: `unsupported_language` where the language's dictionary is not installed.
  public func reading(
    _ text: String, language: Language, mode: NormalizationMode = .extended
  ) throws(SpeechError) -> TextSegment {
    try segment(Scalars(text)[...], language: language, mode: mode)
  }

  /// Token ids `[tokens]` of a normalized text, the language's tag first: upstream's `encode` after its cleaning.
  public func encode(_ normalized: String, language: Language) -> [Int] {
    encode(Scalars(normalized), language: language)
  }

  func encode(_ normalized: Scalars, language: Language) -> [Int] {
    let tagged = Scalars("[\(language.rawValue)]") + normalized
    return tokenizer.encode(tagged.replacing(" ", with: Scalars("[SPACE]")))
  }

  /// The reason that a language can't be read: its dictionary is missing, or the vocabulary has no tag for it. nil for a
  /// language that can be read.
  public func refusal(of language: Language) -> SpeechError? {
    guard cleaner(of: language) != nil else { return LanguageCleaners.missing(language) }
    guard !hasTag(language) else { return nil }
    return SpeechError(
      .unsupportedLanguage, "the model's vocabulary has no tag for \(language.rawValue)", field: "language")
  }

  /// The text that the model reads, and the characters of it that the model can't read.
  func normalize(
    _ text: Scalars, language: Language, mode: NormalizationMode
  ) throws(SpeechError) -> (text: Scalars, missing: DistinctScalars) {
    guard let cleaner = cleaner(of: language) else { throw LanguageCleaners.missing(language) }
    if let refusal = refusal(of: language) { throw refusal }
    guard mode != .upstream else {
      let cleaned = cleaner.clean(text.stripped().lowercased())
      return (cleaned, readability.missing(in: cleaned))
    }
    // Without rewriting, too, a text must not switch the language by a special token.
    let rewritten = mode == .none ? UnspokenCharacters.remove(text) : normalizer(of: language).rewrite(text)
    let stripped = mode == .none ? rewritten.collapsingWhitespace() : rewritten.stripped()
    let lowered = language == .turkish ? stripped.lowercasedAsTurkish() : stripped.lowercased()
    return readability.fit(mode == .none ? cleaner.romanize(lowered) : cleaner.cleanKeepingUnknown(lowered))
  }

  /// A fine-tune's own language is only lower-cased, as upstream's basic cleaners do.
  private func cleaner(of language: Language) -> (any LanguageCleaner)? {
    cleaners[language] ?? (language.isPublished ? nil : BasicCleaner())
  }

  private func normalizer(of language: Language) -> ExtendedNormalizer {
    extensions[language] ?? ExtendedNormalizer(language: language)
  }

  private func hasTag(_ language: Language) -> Bool {
    tokenizer.vocabulary.addedTokens.token("[\(language.rawValue)]") != nil
  }
}
