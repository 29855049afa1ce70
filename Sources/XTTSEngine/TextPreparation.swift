import SpeechCore
import XTTSModel
import XTTSText

/// Splits, normalises and tokenises the text of a request within its limits. It needs a model's vocabulary, but not its
/// weights.
public struct TextPreparation: Sendable {
  /// The languages that can be spoken.
  public let languages: [Language]
  /// The languages of the checkpoint, including those whose dictionary is missing.
  private let modelLanguages: [Language]
  private let frontend: TextFrontend
  /// The reasons for which languages of the checkpoint can't be spoken.
  var warnings: [String] { modelLanguages.compactMap { frontend.refusal(of: $0)?.message } }
  private let maximumCharacters: Int
  private let maximumSegments: Int

  /// The languages in which the model adds a sound after a final period.
  private static let languagesWithoutFinalPeriod: Set<Language> = [.english, .french]

  init(_ frontend: TextFrontend, modelLanguages: [Language], options: EngineOptions) {
    self.frontend = frontend
    self.modelLanguages = modelLanguages
    languages = modelLanguages.filter { frontend.refusal(of: $0) == nil }
    maximumCharacters = options.maximumSpokenText
    maximumSegments = options.maximumSegments
  }

  /// Reads a model's `config.json` and `vocab.json`.
  /// - Throws: ``SpeechError`` `model_unavailable`, naming the file.
  public init(_ files: ModelFiles, options: EngineOptions) throws(SpeechError) {
    do {
      let configuration = try XTTSConfiguration(path: files.configuration)
      let frontend = try TextFrontend(
        vocabularyPath: files.vocabulary, japaneseDictionary: options.japaneseDictionary)
      self.init(frontend, modelLanguages: configuration.languages, options: options)
    } catch {
      throw SpeechError(.modelUnavailable, (error as? ModelError)?.message ?? "\(error)")
    }
  }

  /// The error for a language that can't be spoken, or nil.
  public func refusal(of language: Language) -> SpeechError? {
    guard !languages.contains(language) else { return nil }
    if modelLanguages.contains(language), let refusal = frontend.refusal(of: language) { return refusal }
    return SpeechError(unspoken: language, spoken: languages)
  }

  /// The segments of a text as they would be spoken.
  /// - Throws: ``SpeechError`` for a text that can't be spoken.
  public func preview(
    _ text: String, language: Language, mode: NormalizationMode, splitting: Bool
  ) throws(SpeechError) -> TextPreview {
    if let refusal = refusal(of: language) { throw refusal }
    let segments = try segments(text, language: language, mode: mode, splitting: splitting)
    return TextPreview(
      language: language, normalization: mode,
      segments: segments.map { .init(text: $0.text, normalized: $0.normalized ?? "", tokens: $0.tokens.count) },
      warnings: segments.flatMap(\.warnings))
  }

  /// The segments of a request. The text of a silent piece is added to the segment before it.
  func segments(
    _ text: String, language: Language, mode: NormalizationMode, splitting: Bool, dropsFinalPeriod: Bool? = nil
  ) throws(SpeechError) -> [PreparedSegment] {
    let pieces = try frontend.segments(text, language: language, splitting: splitting, mode: mode)
    let characters = pieces.reduce(0) { $0 + $1.normalized.unicodeScalars.count }
    guard characters <= maximumCharacters else {
      throw SpeechError(
        .textTooLong,
        "the text has \(characters) characters once numbers and symbols are written out; "
          + "at most \(maximumCharacters) are allowed", field: "text")
    }
    let dropsPeriod = dropsFinalPeriod ?? Self.languagesWithoutFinalPeriod.contains(language)
    var segments: [PreparedSegment] = []
    for piece in pieces {
      if !piece.isSilent {
        segments.append(segment(piece, language, dropsPeriod: dropsPeriod))
      } else if let last = segments.indices.last {
        segments[last].text += " " + piece.text
      }
    }
    guard segments.count <= maximumSegments else {
      throw SpeechError(
        .textTooLong, "the text is \(segments.count) segments long, at most \(maximumSegments) are allowed",
        field: "text")
    }
    let warning = UnreadableCharacters(pieces.lazy.flatMap(\.unreadable)).warning
    if let warning, let first = segments.indices.first { segments[first].warnings.append(warning) }
    return segments
  }

  private func segment(_ piece: TextSegment, _ language: Language, dropsPeriod: Bool) -> PreparedSegment {
    let text = piece.normalized
    // An ellipsis stays.
    guard dropsPeriod, text.hasSuffix("."), !text.hasSuffix("..") else {
      return PreparedSegment(text: piece.text, normalized: text, tokens: piece.tokens)
    }
    let spoken = String(text.dropLast())
    return PreparedSegment(
      text: piece.text, normalized: spoken, tokens: frontend.encode(spoken, language: language))
  }
}
