import Foundation

/// The answer to a synthesis request, as JSON on every transport.
public struct SynthesisReply: Sendable, Equatable {
  public struct Timings: Codable, Sendable, Equatable {
    public var queueSeconds: Double
    public var firstAudioSeconds: Double
    public var totalSeconds: Double
    public var realTimeFactor: Double

    public init(queueSeconds: Double, firstAudioSeconds: Double, totalSeconds: Double, realTimeFactor: Double) {
      self.queueSeconds = queueSeconds
      self.firstAudioSeconds = firstAudioSeconds
      self.totalSeconds = totalSeconds
      self.realTimeFactor = realTimeFactor
    }

    private enum CodingKeys: String, CodingKey {
      case queueSeconds = "queue_seconds"
      case firstAudioSeconds = "first_audio_seconds"
      case totalSeconds = "total_seconds"
      case realTimeFactor = "real_time_factor"
    }
  }

  public var requestID: String
  public var format: AudioFormat
  public var sampleRate: Int
  /// Encoded audio; nil when it was streamed or stored.
  public var audio: Data?
  /// `/api/v1/tts/audio/<request_id>` when the audio was stored.
  public var audioURL: String?
  public var durationSeconds: Double
  public var speakerID: String
  public var language: Language
  public var seed: UInt64
  /// SHA-256 of the decoded audio bytes, lower-case hex.
  public var sha256: String
  public var segments: [SegmentReport]
  public var timings: Timings
  public var model: ModelDescription
  public var warnings: [String]

  public init(
    requestID: String, format: AudioFormat, sampleRate: Int, audio: Data?, audioURL: String? = nil,
    durationSeconds: Double, speakerID: String, language: Language, seed: UInt64, sha256: String,
    segments: [SegmentReport], timings: Timings, model: ModelDescription, warnings: [String]
  ) {
    self.requestID = requestID
    self.format = format
    self.sampleRate = sampleRate
    self.audio = audio
    self.audioURL = audioURL
    self.durationSeconds = durationSeconds
    self.speakerID = speakerID
    self.language = language
    self.seed = seed
    self.sha256 = sha256
    self.segments = segments
    self.timings = timings
    self.model = model
    self.warnings = warnings
  }
}

extension SynthesisReply: Codable {
  private enum CodingKeys: String, CodingKey {
    case status, format, language, seed, sha256, segments, timings, model, warnings
    case requestID = "request_id"
    case sampleRate = "sample_rate"
    case audio = "audio_base64"
    case audioURL = "audio_url"
    case durationSeconds = "duration_seconds"
    case speakerID = "speaker_id"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    requestID = try container.decode(String.self, forKey: .requestID)
    format = try container.decode(AudioFormat.self, forKey: .format)
    sampleRate = try container.decode(Int.self, forKey: .sampleRate)
    audio = try container.decodeIfPresent(Data.self, forKey: .audio)
    audioURL = try container.decodeIfPresent(String.self, forKey: .audioURL)
    durationSeconds = try container.decode(Double.self, forKey: .durationSeconds)
    speakerID = try container.decode(String.self, forKey: .speakerID)
    language = try container.decode(Language.self, forKey: .language)
    seed = try container.decode(UInt64.self, forKey: .seed)
    sha256 = try container.decode(String.self, forKey: .sha256)
    segments = try container.decode([SegmentReport].self, forKey: .segments)
    timings = try container.decode(Timings.self, forKey: .timings)
    model = try container.decode(ModelDescription.self, forKey: .model)
    warnings = try container.decode([String].self, forKey: .warnings)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode("ok", forKey: .status)
    try container.encode(requestID, forKey: .requestID)
    try container.encode(format, forKey: .format)
    try container.encode(sampleRate, forKey: .sampleRate)
    try container.encodeIfPresent(audio, forKey: .audio)
    try container.encodeIfPresent(audioURL, forKey: .audioURL)
    try container.encode(durationSeconds, forKey: .durationSeconds)
    try container.encode(speakerID, forKey: .speakerID)
    try container.encode(language, forKey: .language)
    try container.encode(seed, forKey: .seed)
    try container.encode(sha256, forKey: .sha256)
    try container.encode(segments, forKey: .segments)
    try container.encode(timings, forKey: .timings)
    try container.encode(model, forKey: .model)
    try container.encode(warnings, forKey: .warnings)
  }
}

/// The answer when a request failed.
public struct ErrorReply: Codable, Sendable, Equatable {
  public var status: String
  public var requestID: String
  public var error: SpeechError

  public init(requestID: String, error: SpeechError) {
    status = "error"
    self.requestID = requestID
    self.error = error
  }

  private enum CodingKeys: String, CodingKey {
    case status, error
    case requestID = "request_id"
  }
}
