import Foundation
import SpeechCore

/// Decides how a request's text is spoken: its script, language, pauses and lexicon. Voices are found later.
public struct SpeechPlanner: Sendable {
  /// The values of fields that a request omits.
  public struct Defaults: Sendable {
    public var language = Language.english
    public var normalization = NormalizationMode.extended
    public var pauses = SentencePauses()
    public var finalPeriod = FinalPeriod.auto
    /// The id of a lexicon.
    public var lexicon: String?

    public init() {}
  }

  /// The text of a request, decided.
  public struct Plan: Sendable {
    /// The text in pieces, with the silence between them.
    public var script: SpeechScript
    public var language: Language
    public var normalization: NormalizationMode
    public var pauses: SentencePauses
    /// Nil for the rule of the language.
    public var dropsFinalPeriod: Bool?
    /// The respellings of all lexicons that the request names, in order.
    public var lexicon: [LexiconEntry] = []
    /// Names the lexicons and their versions; nil for none.
    public var lexiconVersion: String?
    /// Notes for the requester, such as on markup without an effect.
    public var warnings: [String] = []

    /// A job without a voice, to preview its segments.
    public func job(splitsText: Bool) -> SynthesisJob {
      var job = SynthesisJob(
        id: "preview", text: "", language: language, voice: VoiceConditioning(gptLatents: [], speakerEmbedding: []),
        seed: 0, splitsText: splitsText, dropsFinalPeriod: dropsFinalPeriod, normalization: normalization)
      apply(to: &job)
      return job
    }

    func apply(to job: inout SynthesisJob) {
      (job.script, job.pauses, job.lexicon) = (script, pauses, lexicon)
    }
  }

  private let limits: SynthesisService.Limits
  private let defaults: Defaults
  private let lexicons: (any LexiconStore)?

  public init(_ limits: SynthesisService.Limits, _ defaults: Defaults, lexicons: (any LexiconStore)? = nil) {
    self.limits = limits
    self.defaults = defaults
    self.lexicons = lexicons
  }

  /// - Parameters:
  ///   - languages: those of the model.
  ///   - refusal: the error for a language that can't be spoken.
  /// - Throws: the errors of a text, of its markup and of its lexicons.
  public func plan(
    _ request: SynthesisRequest, languages: [Language], refusal: (Language) -> SpeechError?
  ) async throws(SpeechError) -> Plan {
    let script = try request.script()
    try limits.check(script.text)
    var plan = Plan(
      script: script, language: request.language ?? defaults.language,
      normalization: request.normalization ?? defaults.normalization,
      pauses: SentencePauses(
        sentence: request.pauseSentence ?? defaults.pauses.sentence,
        paragraph: request.pauseParagraph ?? defaults.pauses.paragraph),
      dropsFinalPeriod: (request.finalPeriod ?? defaults.finalPeriod).drops)
    if request.detectsLanguage {
      if let found = LanguageDetector(languages: languages).language(of: script.text) {
        plan.language = found
      } else {
        plan.warnings.append("language auto: the language was not recognised; \(plan.language.rawValue) was spoken")
      }
    }
    for language in [plan.language] + script.languages.sorted(by: { $0.rawValue < $1.rawValue }) {
      if let refusal = refusal(language) { throw refusal }
    }
    let rates = script.rates
    guard request.speed * rates.lowerBound >= SynthesisRequest.speeds.lowerBound,
      request.speed * rates.upperBound <= SynthesisRequest.speeds.upperBound
    else {
      throw SpeechError(
        .invalidRequest,
        "speed times the rate of prosody must be \(SynthesisRequest.speeds.lowerBound) to "
          + "\(SynthesisRequest.speeds.upperBound)", field: "speed")
    }
    try await addLexicon(of: request, to: &plan)
    return plan
  }

  private func addLexicon(of request: SynthesisRequest, to plan: inout Plan) async throws(SpeechError) {
    switch request.lexicon ?? defaults.lexicon.map({ .named([$0]) }) {
    case nil: break
    case .entries(let entries):
      plan.lexicon = LexiconReference.list(entries)
      let parts = plan.lexicon.flatMap { [Data($0.written.utf8), Data($0.spoken.utf8)] }
      plan.lexiconVersion = "request@\(ReplyKey.digest(parts).prefix(16))"
    case .named(let ids):
      var names: [String] = []
      for id in ids {
        guard let lexicon = try await lexicons?.lexicon(id: id),
          lexicon.scope == Lexicon.serviceScope || lexicon.scope == request.userID
        else { throw SpeechError(.unknownLexicon, "there is no lexicon \(id.prefix(64))", field: "lexicon") }
        plan.lexicon += lexicon.ownEntries
        names.append("\(lexicon.id)@\(lexicon.version)")
      }
      plan.lexiconVersion = names.joined(separator: ",")
    }
  }
}
