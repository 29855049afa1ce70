/// The engine as the service sees it: voices in, audio out. An implementation is safe to call from any task.
public protocol SpeechSynthesizer: Sendable {
  /// The loaded model.
  var model: ModelDescription { get }
  /// The languages that can be spoken now.
  var languages: [Language] { get }
  /// The reason that a language can't be spoken now: it is not part of the model, or its dictionary is missing. nil for
  /// a language that can be spoken.
  func refusal(of language: Language) -> SpeechError?
  /// The checkpoint's own speakers, in its order.
  var builtInVoices: [BuiltInVoice] { get }
  /// Sampling defaults from the model's `config.json`.
  var defaultSampling: SamplingParameters { get }

  /// The sizes of a voice of this model; nil accepts all.
  var voiceShape: VoiceShape? { get }

  /// Computes a voice from reference audio.
  /// - Throws: ``SpeechError`` `audio_too_short` under 0.33 s, `invalid_audio` for silence or non-finite samples.
  func conditioning(from clips: [AudioClip], settings: CloningSettings) async throws -> VoiceConditioning

  /// Starts one job. Events come in order; ending the iteration early cancels the job and frees its slots.
  /// The stream throws ``SpeechError``.
  func synthesize(_ job: SynthesisJob) -> AsyncThrowingStream<SynthesisEvent, any Error>
}

extension SpeechSynthesizer {
  public var voiceShape: VoiceShape? { nil }

  /// Computes a voice with the model's own settings.
  public func conditioning(from clips: [AudioClip]) async throws -> VoiceConditioning {
    try await conditioning(from: clips, settings: CloningSettings())
  }

  public func refusal(of language: Language) -> SpeechError? {
    languages.contains(language) ? nil : SpeechError(unspoken: language, spoken: languages)
  }
}

/// A speaker that ships inside the checkpoint.
public struct BuiltInVoice: Sendable, Equatable {
  /// The name in the checkpoint.
  public var name: String
  /// The voice as the model's input.
  public var conditioning: VoiceConditioning

  public init(name: String, conditioning: VoiceConditioning) {
    self.name = name
    self.conditioning = conditioning
  }
}

/// One synthesis, fully decided: nothing is left to defaults.
public struct SynthesisJob: Sendable {
  /// The id of the request.
  public var id: String
  /// The text with its pauses, voices and languages.
  public var script: SpeechScript
  /// The silence between sentences and paragraphs.
  public var pauses = SentencePauses()
  /// The entries of the request's lexicons, first ones first.
  public var lexicon: [LexiconEntry] = []
  /// The language of pieces without one; a language of the model.
  public var language: Language
  /// The voice of pieces without one, as the model's input.
  public var voice: VoiceConditioning
  /// The voices that the script names.
  public var voices: [String: VoiceConditioning] = [:]
  /// The seed of all random numbers of the job.
  public var seed: UInt64
  /// The parameters of the sampler.
  public var sampling: SamplingParameters
  /// 0.5–2; above 1 is faster.
  public var speed: Float
  /// Whether a long text is spoken in segments.
  public var splitsText: Bool
  /// 0–9, higher first.
  public var priority: Int
  /// The job ends with `deadline_exceeded` after it.
  public var deadline: ContinuousClock.Instant?
  /// False shortens the silence at each segment's end.
  public var keepsTrailingSilence: Bool
  /// Whether a segment's final period is left unsaid, after which the model may babble; nil decides by the language.
  public var dropsFinalPeriod: Bool?
  /// The rules that make words of digits and symbols.
  public var normalization: NormalizationMode
  /// Whether the reports of segments have ``SegmentReport/normalized``.
  public var reportsNormalized: Bool

  public init(
    id: String, text: String, language: Language, voice: VoiceConditioning, seed: UInt64,
    sampling: SamplingParameters = SamplingParameters(), speed: Float = 1, splitsText: Bool = true, priority: Int = 0,
    deadline: ContinuousClock.Instant? = nil, keepsTrailingSilence: Bool = false, dropsFinalPeriod: Bool? = nil,
    normalization: NormalizationMode = .extended, reportsNormalized: Bool = false
  ) {
    self.id = id
    script = SpeechScript(text: text)
    self.language = language
    self.voice = voice
    self.seed = seed
    self.sampling = sampling
    self.speed = speed
    self.splitsText = splitsText
    self.priority = priority
    self.deadline = deadline
    self.keepsTrailingSilence = keepsTrailingSilence
    self.dropsFinalPeriod = dropsFinalPeriod
    self.normalization = normalization
    self.reportsNormalized = reportsNormalized
  }

  /// The whole text, without pauses and markup.
  public var text: String {
    get { script.text }
    set { script = SpeechScript(text: newValue) }
  }
}

/// The silence between sentences and between paragraphs, in seconds. Above 0, each is a segment.
public struct SentencePauses: Codable, Sendable, Equatable {
  /// Seconds after a sentence.
  public var sentence = 0.0
  /// Seconds after a paragraph.
  public var paragraph = 0.0

  public init(sentence: Double = 0, paragraph: Double = 0) {
    self.sentence = sentence
    self.paragraph = paragraph
  }
}

/// The progress of a job, in order.
public enum SynthesisEvent: Sendable, Equatable {
  /// The job took its first slot; until here it waited.
  case started
  /// The next samples, 24 kHz mono float32. Never empty.
  case audio([Float])
  /// The times of a segment that is complete, for traces.
  case times(SegmentTimes)
  /// A segment is complete; its audio has been sent.
  case segment(SegmentReport)
  /// A mark of the segment before it, so many samples before the end of the audio so far.
  case mark(String, samplesBefore: Int)
  /// A warning for the caller; the job continues.
  case warning(String)
}

/// The times of a segment's work, in seconds since its job was submitted.
public struct SegmentTimes: Sendable, Equatable {
  /// The segment's number, from 1.
  public var segment: Int
  /// It got its slot, and its prefill began.
  public var slot = 0.0
  /// Its prompt was prefilled, and its decode steps began.
  public var prefilled = 0.0
  /// Its last code was decoded.
  public var decoded = 0.0
  /// Its first window was given to the vocoder.
  public var firstWindow = 0.0
  /// Its last samples left the vocoder.
  public var complete = 0.0
  /// The number of its codes.
  public var codes = 0

  public init(segment: Int) { self.segment = segment }
}
