import Foundation

/// A voice as lists show it.
public struct VoiceSummary: Codable, Sendable, Equatable {
  public var voiceID: String
  public var displayName: String
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
  public var displayName: String?
  public var language: Language?
  /// One or more clips, each inline or a URL.
  public var samples: [VoiceReference]
  public var userID: String?
  /// Who agreed to the voice's use, or where it comes from.
  public var sourceNote: String?
  public var warnings: [String]

  public init(displayName: String? = nil, language: Language? = nil, samples: [VoiceReference]) {
    self.displayName = displayName
    self.language = language
    self.samples = samples
    warnings = []
  }

  public static func decode(_ body: Data) throws(SpeechError) -> VoiceRegistration {
    try StrictFields.decode(VoiceRegistration.self, from: body)
  }
}

extension VoiceRegistration: Decodable {
  private static let knownFields: Set<String> = [
    "display_name", "language", "speaker_wav_base64", "speaker_wav_url", "samples", "user_id", "source_note",
  ]

  /// One entry of `samples`.
  private struct Sample: Decodable {
    var reference: VoiceReference

    init(from decoder: any Decoder) throws {
      switch try VoiceReference(StrictFields(decoder)) {
      case .inline(let audio): reference = .inline(audio)
      case .url(let url): reference = .url(url)
      case .named, nil:
        throw SpeechError(
          .invalidRequest, "each sample needs speaker_wav_base64 or speaker_wav_url", field: "samples")
      }
    }
  }

  public init(from decoder: any Decoder) throws {
    let fields = try StrictFields(decoder)
    displayName = try fields.text("display_name", maximumCharacters: 200)
    language = try fields.language()
    samples = try fields.value("samples", [Sample].self, expected: "a list of samples")?.map(\.reference) ?? []
    guard samples.count <= 16 else {
      throw SpeechError(.invalidRequest, "samples may have at most 16 entries", field: "samples")
    }
    if let single = try VoiceReference(fields) { samples.append(single) }
    guard !samples.isEmpty else {
      throw SpeechError(
        .invalidRequest, "a voice needs speaker_wav_base64, speaker_wav_url or samples", field: "speaker_wav_base64")
    }
    userID = try fields.text("user_id", maximumCharacters: 128)
    sourceNote = try fields.text("source_note", maximumCharacters: 2000)
    warnings = fields.warnings(known: Self.knownFields)
  }
}

/// The answer of `tts.config` and `GET /api/v1/tts/config`.
public struct ServiceConfiguration: Codable, Sendable, Equatable {
  public struct LanguageEntry: Codable, Sendable, Equatable {
    public var id: Language
    public var label: String

    public init(_ language: Language) {
      id = language
      label = language.label
    }
  }

  public var modelRepo: String
  public var modelDirectory: String
  public var languages: [LanguageEntry]
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
