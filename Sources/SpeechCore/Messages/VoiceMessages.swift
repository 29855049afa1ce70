import Foundation

/// A voice as lists show it.
public struct VoiceSummary: Codable, Sendable, Equatable {
  /// The id that requests name in `speaker_id`.
  public var voiceID: String
  /// The name for people.
  public var displayName: String
  /// The language of the recording.
  public var language: Language
  /// In lists: the consent statement of a registered voice, as its registration gave it.
  public var consent: String?
  /// The cloning settings of a registered voice that are not the model's.
  public var settings: CloningSettings?
  /// On registration: the quality of the recording; of several, of the worst.
  public var quality: ReferenceQuality?
  /// On registration: defects of the recording that affect the voice, and ignored fields; absent if there are none.
  public var warnings: [String]?

  public init(
    voiceID: String, displayName: String, language: Language, consent: String? = nil, warnings: [String]? = nil
  ) {
    self.voiceID = voiceID
    self.displayName = displayName
    self.language = language
    self.consent = consent
    self.warnings = warnings
  }

  private enum CodingKeys: String, CodingKey {
    case language, consent, settings, quality, warnings
    case voiceID = "voice_id"
    case displayName = "display_name"
  }
}

/// The suitability of a recording for cloning.
public struct ReferenceQuality: Codable, Sendable, Equatable {
  /// 0 to 100; lower for noise, echo, clipping and less than 6 s of sound.
  public var score: Int
  /// Seconds louder than -50 dBFS.
  public var soundSeconds: Double
  /// Decibels between the loud parts and the noise; nil for a recording that is too short for an estimate.
  public var signalToNoise: Double?
  /// Seconds in which the sound falls by 60 dB after words; nil for a recording with too few pauses.
  public var echoSeconds: Double?
  /// Percent of samples at full scale.
  public var clippedPercent: Double

  public init(
    score: Int, soundSeconds: Double, signalToNoise: Double?, echoSeconds: Double?, clippedPercent: Double
  ) {
    self.score = score
    self.soundSeconds = soundSeconds
    self.signalToNoise = signalToNoise
    self.echoSeconds = echoSeconds
    self.clippedPercent = clippedPercent
  }

  private enum CodingKeys: String, CodingKey {
    case score
    case soundSeconds = "sound_seconds"
    case signalToNoise = "signal_to_noise_db"
    case echoSeconds = "echo_seconds"
    case clippedPercent = "clipped_percent"
  }
}

/// A request to register a voice from reference audio or from latents, or to change the cloning settings of a voice.
public struct VoiceRegistration: Sendable, Equatable {
  /// The name for people; nil takes one from the id.
  public var displayName: String?
  /// The language of the recording; nil takes the service's default.
  public var language: Language?
  /// One or more clips, each inline or a URL; none with latents or with a voice to change.
  public var samples: [VoiceReference]
  /// A file with the latents of a voice.
  public var latents: Data?
  /// The registered voice whose settings are replaced; nil for a new voice.
  public var changedVoiceID: String?
  /// The way in which the voice is computed from the clips.
  public var settings = CloningSettings()
  /// The user for records.
  public var userID: String?
  /// Who agreed to the voice's use, or where it comes from.
  public var sourceNote: String?
  /// The statement with which the speaker agreed to the voice.
  public var consent: String?
  /// Whether the recordings are trimmed, freed of rumble and noise, and brought to one loudness.
  public var cleansReference = false
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
  private static let knownFields = Set([
    "display_name", "language", "speaker_wav_base64", "speaker_wav_url", "samples", "user_id", "source_note",
    "consent", "clean_reference", "latents_base64", "voice_id",
  ]).union(CloningSettings.fieldNames)

  /// Reads a form: text fields, which are those of the JSON message, and files.
  /// - Throws: as ``decode(_:)``; `invalid_request` with the field `file` if there is no recording.
  public static func decode(fields: [String: String], files: [Data]) throws(SpeechError) -> VoiceRegistration {
    var members = fields.mapValues { JSONValue.string($0) }
    // Forms have only texts.
    for name in ["clean_reference"] + CloningSettings.fieldNames {
      guard let text = fields[name] else { continue }
      if let flag = Bool(text.lowercased()) { members[name] = .bool(flag) }
      if let number = Int(text) { members[name] = .number("\(number)") }
    }
    let json = JSONValue(members).json()
    return try VoiceRegistration(StrictFields(body: Data(json.utf8)), files: files)
  }

  public init(_ fields: StrictFields<SpeechError>) throws(SpeechError) {
    try self.init(fields, files: nil)
  }

  /// - Parameter files: those of a form; nil for a JSON message.
  private init(_ fields: StrictFields<SpeechError>, files: [Data]?) throws(SpeechError) {
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
    try setLatents(fields, files: files ?? [])
    settings = try CloningSettings(fields)
    changedVoiceID = try fields.text("voice_id", atMost: 64)
    guard latents == nil || (samples.isEmpty && settings.isEmpty) else {
      throw SpeechError(
        .invalidRequest, "latents can't be combined with recordings or cloning settings", field: "latents_base64")
    }
    guard changedVoiceID == nil || (samples.isEmpty && latents == nil) else {
      throw SpeechError(
        .invalidRequest, "voice_id changes the settings of a voice, so it can't be combined with recordings",
        field: "voice_id")
    }
    guard !samples.isEmpty || latents != nil || changedVoiceID != nil else {
      guard files == nil else {
        throw SpeechError(.invalidRequest, "a voice needs a file", field: "file")
      }
      throw SpeechError(
        .invalidRequest, "a voice needs speaker_wav_base64, speaker_wav_url, samples or latents_base64",
        field: "speaker_wav_base64")
    }
    userID = try fields.userID()
    sourceNote = try fields.text("source_note", atMost: 2000)
    consent = try fields.text("consent", atMost: 2000)
    cleansReference = try fields.flag("clean_reference") ?? false
    warnings = fields.warnings(known: Self.knownFields)
    if changedVoiceID != nil, displayName != nil || language != nil || sourceNote != nil || consent != nil {
      warnings.append("voice_id changes cloning settings only; the other fields were ignored")
    }
  }

  /// - Parameter files: those of a form. A file with latents is recognised by its first bytes.
  private mutating func setLatents(
    _ fields: StrictFields<SpeechError>, files: [Data]
  ) throws(SpeechError) {
    let name = "latents_base64"
    var found = files.filter { LatentsFile(firstBytes: $0) != nil }
    samples += files.filter { LatentsFile(firstBytes: $0) == nil }.map(VoiceReference.inline)
    if let base64 = try fields.value(name, "a base64 string", as: String.self) {
      guard let file = Data(lenientBase64: base64[...]) else {
        throw SpeechError(.invalidRequest, "\(name) is not valid base64", field: name)
      }
      found.append(file)
    }
    guard found.count <= 1 else {
      throw SpeechError(.invalidRequest, "a voice may have one file with latents", field: name)
    }
    latents = found.first
    guard latents?.count ?? 0 <= VoiceConditioning.maximumFileBytes else {
      throw SpeechError(
        .invalidRequest, "\(name) may have at most \(VoiceConditioning.maximumFileBytes) bytes", field: name)
    }
  }
}

/// A request to delete a registered voice.
public struct VoiceDeletion: RequestMessage {
  public let voiceID: String
  /// Whether stored clips and replies in this voice are removed too.
  public let removesAudio: Bool

  public init(_ fields: StrictFields<SpeechError>) throws(SpeechError) {
    voiceID = try fields.required("voice_id", fields.text("voice_id"))
    removesAudio = try fields.flag("remove_audio") ?? false
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
