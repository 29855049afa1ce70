import Foundation

/// A synthesis request as clients write it, checked for types and ranges but not yet against the model.
public struct SynthesisRequest: Sendable, Equatable {
  public var text: String
  public var language: Language?
  public var normalization: NormalizationMode?
  public var voice: VoiceReference
  public var format: AudioFormat
  public var stream: Bool
  public var seed: UInt64?
  public var temperature: Float?
  public var topK: Int?
  public var topP: Float?
  public var repetitionPenalty: Float?
  public var speed: Float
  public var enableTextSplitting: Bool
  public var storeGeneratedAudio: Bool
  public var include: Set<ReplyPart>
  public var userID: String?
  /// Notes for the reply: fields that were not understood and ignored.
  public var warnings: [String]

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
    enableTextSplitting = true
    storeGeneratedAudio = false
    include = []
    warnings = []
  }

  /// Reads a message body.
  /// - Throws: `invalid_json`, `invalid_request`, `unsupported_language`, `text_empty` or `invalid_audio`, each naming its field.
  public static func decode(_ body: Data) throws(SpeechError) -> SynthesisRequest {
    try StrictFields.decode(SynthesisRequest.self, from: body)
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

extension SynthesisRequest: Codable {
  private static let knownFields: Set<String> = [
    "text", "language", "speaker_id", "speaker_wav_base64", "speaker_wav_url", "store_generated_audio", "format",
    "stream", "seed", "temperature", "top_k", "top_p", "repetition_penalty", "speed", "enable_text_splitting",
    "user_id", "text_normalization", "include",
  ]

  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder)
    guard let text = try fields.value("text", String.self, expected: "a string") else {
      throw SpeechError(.invalidRequest, "text is missing", field: "text")
    }
    guard text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
      throw SpeechError(.textEmpty, "text is empty", field: "text")
    }
    self.text = text
    language = try fields.language()
    normalization = try fields.choice("text_normalization", NormalizationMode.self)
    voice = try VoiceReference(fields) ?? .named("default")
    format = try fields.choice("format", AudioFormat.self) ?? .wav
    stream = try fields.value("stream", Bool.self, expected: "true or false") ?? false
    if stream, format == .flac || format == .wav { format = .pcm }
    seed = try fields.value("seed", UInt64.self, expected: "an unsigned 64-bit integer")
    temperature = try fields.number("temperature", Float.self, in: 0.05...2)
    topK = try fields.number("top_k", Int.self, in: 1...1026)
    topP = try fields.number("top_p", Float.self, in: Float.leastNonzeroMagnitude...1)
    repetitionPenalty = try fields.number("repetition_penalty", Float.self, in: 1...20)
    speed = try fields.number("speed", Float.self, in: 0.5...2) ?? 1
    enableTextSplitting = try fields.value("enable_text_splitting", Bool.self, expected: "true or false") ?? true
    storeGeneratedAudio = try fields.value("store_generated_audio", Bool.self, expected: "true or false") ?? false
    include = try fields.choices("include", ReplyPart.self)
    userID = try fields.text("user_id", maximumCharacters: 128)
    warnings = fields.warnings(known: Self.knownFields, include: include)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(text, forKey: .text)
    try container.encodeIfPresent(language, forKey: .language)
    try container.encodeIfPresent(normalization, forKey: .normalization)
    switch voice {
    case .named(let name): try container.encode(name, forKey: .speakerID)
    case .inline(let audio): try container.encode(audio.base64EncodedString(), forKey: .speakerWAVBase64)
    case .url(let url): try container.encode(url, forKey: .speakerWAVURL)
    }
    try container.encode(format, forKey: .format)
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
    case text, language, format, stream, seed, temperature, speed, include
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

extension VoiceReference {
  /// Reads `speaker_wav_base64`, `speaker_wav_url` or `speaker_id`, in that order; nil when none is given. Forms send
  /// fields they have nothing for as empty strings, so those count as absent.
  init?(_ fields: StrictFields) throws {
    func text(_ name: String, _ expected: String) throws -> String? {
      try fields.value(name, String.self, expected: expected).flatMap { $0.isEmpty ? nil : $0 }
    }
    let base64 = try text("speaker_wav_base64", "a base64 string")
    let url = try text("speaker_wav_url", "a URL string")
    let name = try text("speaker_id", "a string")
    if let base64 {
      // Data URLs are what browsers hand over; the media type before the comma is not trusted anyway.
      let payload = base64.hasPrefix("data:") ? base64.drop { $0 != "," }.dropFirst() : base64[...]
      guard let audio = Data(base64Encoded: String(payload)), !audio.isEmpty else {
        throw SpeechError(.invalidAudio, "speaker_wav_base64 is not valid base64", field: "speaker_wav_base64")
      }
      self = .inline(audio)
    } else if let url {
      self = .url(url)
    } else if let name {
      self = .named(name)
    } else {
      return nil
    }
  }
}
