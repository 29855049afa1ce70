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

  init(_ frontend: TextFrontend, _ configuration: XTTSConfiguration, options: EngineOptions) {
    var frontend = frontend
    frontend.tokenLimit = min(frontend.tokenLimit, configuration.gpt.maximumTextTokens - 1)
    self.frontend = frontend
    modelLanguages = configuration.languages
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
      self.init(frontend, configuration, options: options)
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

  /// The segments of a job as they would be spoken; its voices and its seed do not matter.
  /// - Throws: ``SpeechError`` for a text that can't be spoken.
  public func preview(_ job: SynthesisJob) throws(SpeechError) -> TextPreview {
    for language in [job.language] + job.script.languages { if let refusal = refusal(of: language) { throw refusal } }
    let segments = try segments(job, sampleRate: 24_000)
    return TextPreview(
      language: job.language, normalization: job.normalization,
      segments: segments.map { .init(text: $0.text, normalized: $0.normalized ?? "", tokens: $0.tokens.count) },
      warnings: segments.flatMap(\.warnings))
  }

  /// The segments of a job, with the silence and the marks between them.
  func segments(_ job: SynthesisJob, sampleRate: Int) throws(SpeechError) -> [PreparedSegment] {
    var plan = SegmentPlan(sampleRate: sampleRate)
    var pieces: [TextSegment] = []
    let voices = job.script.voices
    let languages = job.script.languages.union([job.language])
    let rules = Dictionary(uniqueKeysWithValues: languages.map { ($0, runOptions(job, $0)) })
    for group in ScriptGroup.groups(of: job.script) {
      switch group {
      case .pause(let seconds): plan.add(silence: seconds)
      case .mark(let name): plan.add(mark: name)
      case .end(let isParagraph):
        plan.end(isParagraph ? max(job.pauses.paragraph, job.pauses.sentence) : job.pauses.sentence)
      case .run(let run, let style, let marks):
        let language = style.language ?? job.language
        let found = try frontend.segments(of: run, rules[language] ?? runOptions(job, language))
        pieces += found
        let dropsPeriod = job.dropsFinalPeriod ?? Self.languagesWithoutFinalPeriod.contains(language)
        var prepared: [(TextSegment, PreparedSegment?)] = []
        for piece in found {
          var segment = piece.isSilent ? nil : segment(piece, language, dropsPeriod: dropsPeriod)
          segment?.language = language
          segment?.voice = style.voice.flatMap(voices.firstIndex).map { $0 + 1 } ?? 0
          segment?.speed = job.speed * style.rate
          prepared.append((piece, segment))
        }
        plan.add(prepared, marks: marks, pauses: job.pauses)
      }
    }
    try check(pieces, plan)
    var segments = plan.segments
    let warning = UnreadableCharacters(pieces.lazy.flatMap(\.unreadable)).warning
    if let warning, !segments.isEmpty { segments[0].warnings.append(warning) }
    return segments
  }

  private func runOptions(_ job: SynthesisJob, _ language: Language) -> RunOptions {
    var options = RunOptions(language: language, mode: job.normalization, splitting: job.splitsText)
    options.endsAtSentences = job.pauses.sentence > 0
    options.endsAtParagraphs = job.pauses.paragraph > 0
    options.lexicon = LexiconMatcher(job.lexicon, language: language)
    return options
  }

  private func check(_ pieces: [TextSegment], _ plan: SegmentPlan) throws(SpeechError) {
    let characters = pieces.reduce(0) { $0 + $1.normalized.unicodeScalars.count }
    guard characters <= maximumCharacters else {
      throw SpeechError(
        .textTooLong,
        "the text has \(characters) characters once numbers and symbols are written out; "
          + "at most \(maximumCharacters) are allowed", field: "text")
    }
    try TextFrontend.checkReadable(pieces)
    guard plan.segments.count <= maximumSegments else {
      throw SpeechError(
        .textTooLong, "the text is \(plan.segments.count) segments long, at most \(maximumSegments) are allowed",
        field: "text")
    }
    guard plan.silenceSeconds <= SpeechScript.longestSilence else {
      throw SpeechError(
        .invalidRequest,
        "the pauses of the text and between its sentences are \(Int(plan.silenceSeconds)) s together; at most "
          + "\(Int(SpeechScript.longestSilence)) s are allowed", field: "text")
    }
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
