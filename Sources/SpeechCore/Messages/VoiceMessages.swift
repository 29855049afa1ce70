import Foundation

/// A voice as lists show it.
public struct VoiceSummary: Codable, Sendable, Equatable {
  /// The id that requests name in `speaker_id`.
  public var voiceID: String
  /// The name for people.
  public var displayName: String
  /// The language of the recording.
  public var language: Language
  /// On registration: defects of the recording that affect the voice, and ignored fields; absent if there are none.
  public var warnings: [String]?

  public init(voiceID: String, displayName: String, language: Language, warnings: [String]? = nil) {
    self.voiceID = voiceID
    self.displayName = displayName
    self.language = language
    self.warnings = warnings
  }

  private enum CodingKeys: String, CodingKey {
    case language, warnings
    case voiceID = "voice_id"
    case displayName = "display_name"
  }
}

/// A request to register a voice from reference audio.
public struct VoiceRegistration: Sendable, Equatable {
  /// The name for people; nil takes one from the id.
  public var displayName: String?
  /// The language of the recording; nil takes the service's default.
  public var language: Language?
  /// One or more clips, each inline or a URL.
  public var samples: [VoiceReference]
  /// The user for records.
  public var userID: String?
  /// Who agreed to the voice's use, or where it comes from.
  public var sourceNote: String?
  /// Fields that were not understood and ignored.
  public var warnings: [String] = []

  public init(displayName: String? = nil, language: Language? = nil, samples: [VoiceReference]) {
    self.displayName = displayName
    self.language = language
    self.samples = samples
  }

  /// Reads a message body. Throws as ``SynthesisRequest/decode(_:)`` does.
  public static func decode(_ body: Data) throws(SpeechError) -> VoiceRegistration {
    try RequestBody<VoiceRegistration>(body).message.get()
  }
}

extension VoiceRegistration: RequestMessage {
  private static let knownFields: Set<String> = [
    "display_name", "language", "speaker_wav_base64", "speaker_wav_url", "samples", "user_id", "source_note",
  ]

  public init(_ fields: StrictFields<SpeechError>) throws(SpeechError) {
    self.init(displayName: try fields.text("display_name", atMost: 200), language: try fields.language(), samples: [])
    for sample in try fields.objects("samples", in: 0...16) ?? [] {
      switch try sample.voice() {
      case .inline(let audio): samples.append(.inline(audio))
      case .url(let url): samples.append(.url(url))
      case .named, nil:
        throw SpeechError(
          .invalidRequest, "each sample needs speaker_wav_base64 or speaker_wav_url", field: "samples")
      }
    }
    if let single = try fields.voice() { samples.append(single) }
    guard !samples.isEmpty else {
      throw SpeechError(
        .invalidRequest, "a voice needs speaker_wav_base64, speaker_wav_url or samples", field: "speaker_wav_base64")
    }
    userID = try fields.userID()
    sourceNote = try fields.text("source_note", atMost: 2000)
    warnings = fields.warnings(known: Self.knownFields)
  }
}

/// A request to delete a registered voice.
public struct VoiceDeletion: RequestMessage {
  public let voiceID: String

  public init(_ fields: StrictFields<SpeechError>) throws(SpeechError) {
    voiceID = try fields.required("voice_id", fields.text("voice_id"))
  }
}

/// A request without fields, for the list of voices or the configuration.
public struct EmptyRequest: RequestMessage {
  public init(_ fields: StrictFields<SpeechError>) throws(SpeechError) {}
}

/// The answer of `tts.config` and `GET /api/v1/tts/config`.
public struct ServiceConfiguration: Codable, Sendable, Equatable {
  /// A language with its code and name.
  public struct LanguageEntry: Codable, Sendable, Equatable {
    /// The code, such as `en`.
    public var id: Language
    /// The English name.
    public var label: String

    /// The entry of a language.
    public init(_ language: Language) {
      id = language
      label = language.label
    }
  }

  /// The repository of the loaded model.
  public var modelRepo: String
  /// The folder of the model on the server.
  public var modelDirectory: String
  /// The languages that can be spoken.
  public var languages: [LanguageEntry]
  /// The voices that requests may name.
  public var voices: [VoiceSummary]

  public init(modelRepo: String, modelDirectory: String, languages: [Language], voices: [VoiceSummary]) {
    self.modelRepo = modelRepo
    self.modelDirectory = modelDirectory
    self.languages = languages.map(LanguageEntry.init)
    self.voices = voices
  }

  private enum CodingKeys: String, CodingKey {
    case languages, voices
    case modelRepo = "model_repo"
    case modelDirectory = "model_dir"
  }
}
