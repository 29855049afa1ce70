import Foundation

/// A synthesis request as clients write it, checked for types and ranges but not yet against the model.
public struct SynthesisRequest: Sendable, Equatable {
  /// The accepted speeds; 1 is the voice's own.
  public static let speeds: ClosedRange<Float> = 0.25...4

  /// The text to speak; not only white space.
  public var text: String
  /// Whether the text is markup. A text that starts with `<speak` always is.
  public var inputType = InputType.text
  /// Nil takes the service's default.
  public var language: Language?
  /// Whether the language is detected among those of the model.
  public var detectsLanguage = false
  /// Seconds of silence between sentences and between paragraphs; nil takes the service's.
  public var pauseSentence: Double?
  public var pauseParagraph: Double?
  /// Nil takes the service's.
  public var finalPeriod: FinalPeriod?
  /// Nil takes the service's.
  public var lexicon: LexiconReference?
  /// Nil takes the service's default.
  public var normalization: NormalizationMode?
  /// The voice to speak with.
  public var voice: VoiceReference
  /// The format of the reply's audio.
  public var format: AudioFormat
  /// Hertz, one of ``AudioEncoding/sampleRates``; nil takes the format's usual one.
  public var sampleRate: Int?
  /// 1 or 2; nil is 1.
  public var channels: Int?
  /// Bits per second, for mp3, opus, aac and m4a.
  public var bitrate: Int?
  /// The integrated loudness of the audio in LUFS (EBU R 128); nil leaves it as the model spoke.
  public var loudness: Double?
  /// Whether audio is sent while it is made.
  public var stream: Bool
  /// Nil derives a seed from the request.
  public var seed: UInt64?
  /// 0.05 to 2; nil takes the model's.
  public var temperature: Float?
  /// 1 to 1026; nil takes the model's.
  public var topK: Int?
  /// Above 0, at most 1; nil takes the model's.
  public var topP: Float?
  /// 1 to 20; nil takes the model's.
  public var repetitionPenalty: Float?
  /// 0.25 to 4; above 1 is faster.
  public var speed: Float
  /// Whether a long text is spoken in segments.
  public var enableTextSplitting = true
  /// Whether the audio is also stored on the server.
  public var storeGeneratedAudio = false
  /// The parts of the reply that are sent only on request.
  public var include: Set<ReplyPart> = []
  /// The user that shares and totals count for.
  public var userID: String?
  /// Notes for the reply: fields that were not understood and ignored.
  public var warnings: [String] = []

  public init(
    text: String, language: Language? = nil, voice: VoiceReference = .named("default"), format: AudioFormat = .wav,
    stream: Bool = false, seed: UInt64? = nil, speed: Float = 1
  ) {
    self.text = text
    self.language = language
    self.voice = voice
    self.format = format
    self.stream = stream
    self.seed = seed
    self.speed = speed
  }

  /// Reads a message body.
  /// - Throws: `invalid_json`, `invalid_request`, `unsupported_language`, `text_empty` or `invalid_audio`, each naming its field.
  public static func decode(_ body: Data) throws(SpeechError) -> SynthesisRequest {
    try RequestBody<SynthesisRequest>(body).message.get()
  }
}

/// The form of a request's text (`input_type`).
public enum InputType: String, CaseIterable, Codable, Sendable { case text, ssml }

/// Whether the period at the end of a segment is left unsaid (`drop_final_period`): the model may add a sound after it.
public enum FinalPeriod: String, CaseIterable, Codable, Sendable {
  /// In English and French.
  case auto
  case always, never

  /// Nil decides by the language.
  public var drops: Bool? {
    switch self {
    case .auto: nil
    case .always: true
    case .never: false
    }
  }
}

/// The voice of a request.
public enum VoiceReference: Sendable, Equatable {
  /// A registered voice's id, a built-in speaker's name, or `default`.
  case named(String)
  /// Reference audio sent along, still encoded (`AudioSignature` has the accepted kinds).
  case inline(Data)
  case url(String)
}

extension SynthesisRequest: Encodable, RequestMessage {
  private static let knownFields: Set<String> = [
    "text", "language", "speaker_id", "speaker_wav_base64", "speaker_wav_url", "store_generated_audio", "format",
    "sample_rate", "channels", "bitrate", "loudness",
    "stream", "seed", "temperature", "top_k", "top_p", "repetition_penalty", "speed", "enable_text_splitting",
    "user_id", "text_normalization", "include", "input_type", "pause_sentence_seconds", "pause_paragraph_seconds",
    "lexicon", "drop_final_period",
  ]

  public init(_ fields: StrictFields<SpeechError>) throws(SpeechError) {
    self.init(text: try fields.spokenText("text"))
    inputType = try fields.choice("input_type") ?? .text
    try setReading(fields)
    include = try fields.choices("include")
    voice = try fields.voice() ?? .named("default")
    stream = try fields.flag("stream") ?? false
    format = try fields.choice("format") ?? (stream ? .pcm : .wav)
    let notes = try fields.readOutput(into: &self)
    if stream, loudness != nil {
      throw fields.error("loudness", "is measured over the whole audio, so it can't be combined with stream")
    }
    seed = try fields.seed()
    temperature = try fields.number("temperature", in: 0.05...2)
    topK = try fields.number("top_k", in: 1...1026)
    topP = try fields.number("top_p", in: Float.leastNonzeroMagnitude...1)
    repetitionPenalty = try fields.number("repetition_penalty", in: 1...20)
    speed = try fields.speed()
    enableTextSplitting = try fields.flag("enable_text_splitting") ?? true
    storeGeneratedAudio = try fields.flag("store_generated_audio") ?? false
    userID = try fields.userID()
    warnings = try fields.warnings(known: Self.knownFields, include: include) + notes + script().warnings
  }

  /// Reads the fields of how the text is read.
  mutating func setReading(_ fields: StrictFields<SpeechError>) throws(SpeechError) {
    try setLanguage(fields)
    pauseSentence = try fields.number("pause_sentence_seconds", in: 0...SpeechScript.longestPause)
    pauseParagraph = try fields.number("pause_paragraph_seconds", in: 0...SpeechScript.longestPause)
    finalPeriod = try fields.choice("drop_final_period")
    lexicon = try fields.lexicon()
    normalization = try fields.choice("text_normalization")
  }

  mutating func setLanguage(_ fields: StrictFields<SpeechError>) throws(SpeechError) {
    detectsLanguage = try fields.detectsLanguage()
    language = detectsLanguage ? nil : try fields.language()
  }

  /// The text with its markup or its pauses read.
  /// - Throws: `invalid_request`, `invalid_ssml` or `unsupported_ssml`.
  public func script() throws(SpeechError) -> SpeechScript { try SpeechScript(text, isSSML: inputType == .ssml) }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(text, forKey: .text)
    if inputType != .text { try container.encode(inputType, forKey: .inputType) }
    try container.encodeIfPresent(detectsLanguage ? "auto" : language?.rawValue, forKey: .language)
    try container.encodeIfPresent(pauseSentence, forKey: .pauseSentence)
    try container.encodeIfPresent(pauseParagraph, forKey: .pauseParagraph)
    try container.encodeIfPresent(finalPeriod, forKey: .finalPeriod)
    try container.encodeIfPresent(lexicon, forKey: .lexicon)
    try container.encodeIfPresent(normalization, forKey: .normalization)
    switch voice {
    case .named(let name): try container.encode(name, forKey: .speakerID)
    case .inline(let audio): try container.encode(audio.base64EncodedString(), forKey: .speakerWAVBase64)
    case .url(let url): try container.encode(url, forKey: .speakerWAVURL)
    }
    try container.encode(format, forKey: .format)
    try container.encodeIfPresent(sampleRate, forKey: .sampleRate)
    try container.encodeIfPresent(channels, forKey: .channels)
    try container.encodeIfPresent(bitrate, forKey: .bitrate)
    try container.encodeIfPresent(loudness, forKey: .loudness)
    try container.encode(stream, forKey: .stream)
    try container.encodeIfPresent(seed, forKey: .seed)
    try container.encodeIfPresent(temperature, forKey: .temperature)
    try container.encodeIfPresent(topK, forKey: .topK)
    try container.encodeIfPresent(topP, forKey: .topP)
    try container.encodeIfPresent(repetitionPenalty, forKey: .repetitionPenalty)
    try container.encode(speed, forKey: .speed)
    try container.encode(enableTextSplitting, forKey: .enableTextSplitting)
    try container.encode(storeGeneratedAudio, forKey: .storeGeneratedAudio)
    if !include.isEmpty { try container.encode(include.map(\.rawValue).sorted(), forKey: .include) }
    try container.encodeIfPresent(userID, forKey: .userID)
  }

  private enum CodingKeys: String, CodingKey {
    case text, language, format, channels, bitrate, loudness, stream, seed, temperature, speed, include, lexicon
    case sampleRate = "sample_rate"
    case inputType = "input_type"
    case pauseSentence = "pause_sentence_seconds"
    case pauseParagraph = "pause_paragraph_seconds"
    case finalPeriod = "drop_final_period"
    case normalization = "text_normalization"
    case speakerID = "speaker_id"
    case speakerWAVBase64 = "speaker_wav_base64"
    case speakerWAVURL = "speaker_wav_url"
    case topK = "top_k"
    case topP = "top_p"
    case repetitionPenalty = "repetition_penalty"
    case enableTextSplitting = "enable_text_splitting"
    case storeGeneratedAudio = "store_generated_audio"
    case userID = "user_id"
  }
}
