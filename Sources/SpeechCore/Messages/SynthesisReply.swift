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

  /// `ok`; an ``ErrorReply`` has `error`.
  public private(set) var status = "ok"
  /// The id of the request in records: 32 hex digits.
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
